import { defineConfig } from 'vitest/config'

const conditions = ['@vpnext/source']

/** Options every ring shares: sources are loaded straight from `src`, each test file in a process of its own. */
const shared = {
  pool: 'forks' as const,
  isolate: true,
}
const resolve = { conditions }
const ssr = { resolve: { conditions: ['@vpnext/source', 'node', 'import', 'default'] } }

/**
 * The three rings of docs/architecture.md. `unit` needs no privilege; `lab` and `e2e` make network namespaces
 * and run one file at a time, because they measure and compare kernel state.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'bench/src/**/*.test.ts'],
          exclude: ['**/*.lab.test.ts', '**/*.e2e.test.ts'],
          // Ten times what the slowest needs, for a machine that is busy with other things.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'lab',
          include: ['packages/*/src/**/*.lab.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'e2e',
          include: ['packages/*/src/**/*.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})

import { availableParallelism } from 'node:os'
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
 * Files at a time. Those of `lab` and `e2e` spend more than half of their time waiting, and each has network namespaces, a
 * service and an inventory of its own; but many of them would only wait for each other.
 */
const workers = { unit: availableParallelism(), lab: 2, e2e: 2 }

/** The three rings of docs/architecture.md, one after the other. `unit` needs no privilege; the others make network namespaces. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'unit',
          maxWorkers: workers.unit,
          sequence: { groupOrder: 0 },
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
          maxWorkers: workers.lab,
          sequence: { groupOrder: 1 },
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
          maxWorkers: workers.e2e,
          sequence: { groupOrder: 2 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})

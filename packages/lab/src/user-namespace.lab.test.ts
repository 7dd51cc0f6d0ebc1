import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

import { currentUserNamespaceIsInitial } from '@vpnext/native'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const run = promisify(execFile)

/** The tests of the lab itself, again as root of a user namespace that maps this user alone: all but the two that take
 * another uid. */
test.runIf(currentUserNamespaceIsInitial())('the lab works in a user namespace', async () => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'lab', '--reporter', 'json']
  const files = ['lab.lab', 'probe.lab', 'faults.lab', 'plain-udp-gateway.lab'].map(
    (name) => `packages/lab/src/${name}`,
  )
  const { stdout } = await run('unshare', ['-Urn', process.execPath, ...vitest, ...files], { cwd: root })
  const report: unknown = JSON.parse(stdout)
  expect(report).toMatchObject({ success: true, numFailedTests: 0, numPendingTests: 2 })
  expect(report).toHaveProperty(
    'numPassedTests',
    expect.toSatisfy((passed: number) => passed > 20),
  )
})

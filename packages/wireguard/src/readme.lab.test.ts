import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createNetworkNamespace, withNetworkNamespace } from '@vpnext/native'
import { afterAll, expect, test } from 'vitest'

/** Inside the package, so that `@vpnext/wireguard` means the built package itself. */
const folder = mkdtempSync(join(import.meta.dirname, '../dist/readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const [, example = ''] = /```js\n(\/\/ tunnel\.mjs\n[^]*?)```/.exec(readme) ?? []

test('the example of the README runs', async () => {
  const program = join(folder, 'tunnel.mjs')
  writeFileSync(program, example)
  using network = createNetworkNamespace()
  const { ended } = withNetworkNamespace(network, () => ({
    ended: promisify(execFile)(process.execPath, [program], { timeout: 30_000 }),
  }))
  const lines = (await ended).stdout.split('\n')
  expect(lines.filter((line) => line === 'protect a socket')).toHaveLength(8)
  expect(lines).toContain('the far end answers: ECONNREFUSED')
  expect(lines).toContainEqual(expect.stringMatching(/^sent \d{3} bytes to 192\.0\.2\.2:51820$/))
})

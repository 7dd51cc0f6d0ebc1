import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, expect, test } from 'vitest'

import { TunNetwork } from '../test/tun-network.ts'

/** Inside the package, so that `@vpnext/packet` means the built package itself. */
const folder = mkdtempSync(join(import.meta.dirname, '../dist/readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
for (const [, code = '', name = ''] of readme.matchAll(/```js\n(\/\/ ([a-z]+\.mjs)[^]*?)```/g)) {
  writeFileSync(join(folder, name), code)
}

test.each([
  ['echo.mjs', '10.7.0.9 answers: hello\n'],
  ['hairpin.mjs', '10.7.0.9 reflects: hello\n1 packets came back\n'],
])('the example %s of the README runs', async (name, output) => {
  using network = new TunNetwork()
  const { ended } = network.run(() => ({
    ended: promisify(execFile)(process.execPath, [join(folder, name)], { timeout: 30_000 }),
  }))
  expect((await ended).stdout).toBe(output)
})

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { unshare } from '@vpnext/native'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../test/temporary-folder.ts'
import { startTestService } from '../test/test-service.ts'

let image: TemporaryFolder
let folder: TemporaryFolder

beforeAll(() => {
  unshare({ network: true })
  image = temporaryFolder()
  folder = temporaryFolder()
  const script = fileURLToPath(new URL('../../host/scripts/build-image.mjs', import.meta.url))
  execFileSync(process.execPath, [script, image.in('host')])
  execFileSync('chmod', ['755', image.path])
}, 120_000)
afterAll(() => {
  folder[Symbol.dispose]()
  image[Symbol.dispose]()
})

test('an extension whose heap is full is told as that, not as an abort alone', async () => {
  const machine = await startTestService(folder, image.in('host'))
  // As node ends then; to fill four gigabytes takes long.
  const code = `
    const { VpnExtensionAbility } = require('@kit.NetworkKit')
    exports.default = class extends VpnExtensionAbility {
      onRequest() {
        setTimeout(() => {
          process.stderr.write('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\\n')
          process.abort()
        }, 100)
      }
    }`
  try {
    await machine.install({ scripts: { vpn: { code, map: '' }, page: { code: '', map: '' } } })
    await machine.allow()
    await machine.start()
    await machine.logged('ended with signal SIGABRT')
    const crash = 'out of memory: the heap of JavaScript was full'
    await expect
      .poll(async () => (await machine.status()).ended, { timeout: 20_000 })
      .toMatchObject([{ crash }])
  } finally {
    await machine[Symbol.asyncDispose]()
  }
})

import { chmodSync, copyFileSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { buildTestImage, startHost } from '../test/host-harness.ts'

const script = "exports.default = class extends require('@kit.NetworkKit').VpnExtensionAbility {}"

let image: string
let place: string

beforeAll(() => {
  image = buildTestImage()
  place = mkdtempSync(join(tmpdir(), 'vpnext-node-'))
})
afterAll(() => {
  rmSync(place, { recursive: true })
  rmSync(dirname(image), { recursive: true })
})

test('a node that was unpacked below /tmp runs hosts, too', async () => {
  chmodSync(place, 0o755)
  const nodePath = join(place, 'node')
  copyFileSync(process.execPath, nodePath)
  await using host = startHost({ image, script, launch: { nodePath } })
  await host.create()
  expect(readlinkSync(`/proc/${host.process.pid}/exe`)).toBe(nodePath)
})

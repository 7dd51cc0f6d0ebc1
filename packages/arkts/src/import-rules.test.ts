import { expect, test } from 'vitest'
import { isKit } from './import-rules.ts'

test.each([
  '@kit.NetworkKit',
  '@ohos.net.vpnExtension',
  '@ohos:hilog',
  '@vpnext/packet',
  '@vpnext/wireguard',
])('%s is left to the host', (path) => {
  expect(isKit(path)).toBe(true)
})

test.each([
  '@vpnext/native',
  '@vpnext/packet/src/index.ts',
  '@vpnext/wireguardx',
  '@kit',
  './@vpnext/packet',
])('%s is not', (path) => {
  expect(isKit(path)).toBe(false)
})

import { expect, test } from 'vitest'

import { getSysctl, sysctlPath } from './sysctl.ts'

test('a name becomes a file, by dots or by slashes', () => {
  expect(sysctlPath('net.ipv4.ip_forward')).toBe('/proc/sys/net/ipv4/ip_forward')
  expect(sysctlPath('net/ipv4/conf/eth0.5/rp_filter')).toBe('/proc/sys/net/ipv4/conf/eth0.5/rp_filter')
})

test.each([
  'kernel.hostname',
  'net',
  'net..ipv4',
  'net/../kernel/hostname',
  '/net/ipv4',
  'net.ipv4.',
  'net/ipv4\0',
])('a name outside of net is refused: %j', (name) => {
  expect(() => getSysctl(name)).toThrow(RangeError)
})

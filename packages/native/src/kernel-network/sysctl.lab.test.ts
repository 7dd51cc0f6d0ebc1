import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../fd.ts'
import type { Fd } from '../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../namespace.ts'
import { Rtnetlink } from './route/rtnetlink.ts'
import { getSysctl, setSysctl } from './sysctl.ts'

let namespace: Fd

beforeEach(() => {
  namespace = createNetworkNamespace()
})

afterEach(() => {
  namespace.close()
  assert.equal(openFds(), 0)
})

const sysctl = (inside: Fd, name: string): string =>
  withNetworkNamespace(inside, () => execFileSync('cat', [`/proc/sys/${name}`], { encoding: 'utf8' })).trim()

test('a setting belongs to the namespace that the main thread is in', () => {
  using other = createNetworkNamespace()
  const name = 'net.ipv4.ip_forward'
  withNetworkNamespace(namespace, () => setSysctl(name, 1))
  withNetworkNamespace(other, () => setSysctl(name, 0))
  expect(withNetworkNamespace(namespace, () => getSysctl(name))).toBe('1')
  expect(withNetworkNamespace(other, () => getSysctl(name))).toBe('0')
  expect(sysctl(namespace, 'net/ipv4/ip_forward')).toBe('1')
  expect(sysctl(other, 'net/ipv4/ip_forward')).toBe('0')
})

test('a setting of an interface with dots in its name is reached by slashes', () => {
  withNetworkNamespace(namespace, () => {
    using netlink = Rtnetlink.open()
    netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'br0.5' }])
    setSysctl('net/ipv4/conf/br0.5/rp_filter', 2)
    expect(getSysctl('net/ipv4/conf/br0.5/rp_filter')).toBe('2')
  })
  expect(sysctl(namespace, 'net/ipv4/conf/br0.5/rp_filter')).toBe('2')
})

test('a setting that does not exist is neither read nor made', () => {
  withNetworkNamespace(namespace, () => {
    expect(() => getSysctl('net.ipv4.no_such_thing')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    expect(() => setSysctl('net.ipv4.no_such_thing', 1)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
    expect(() => setSysctl('net.ipv4.ip_forward', 'maybe')).toThrow(
      expect.objectContaining({ code: 'EINVAL' }),
    )
  })
})

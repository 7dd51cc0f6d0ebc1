import { expect, test } from 'vitest'
import { type TunnelClaim, checkClaim, chooseInterfaceName, maxNamedTunnels } from './tunnel-claim.ts'

const device = { kind: 'device' } as const
const alice = { kind: 'user', uid: 1000 } as const
const bob = { kind: 'user', uid: 1001 } as const
const claim = (changes: Partial<TunnelClaim>): TunnelClaim => ({
  vpnId: '',
  scope: device,
  interfaceName: 'vpn-tun',
  lastAddress: '10.8.0.5',
  ...changes,
})

test('each scope has one tunnel without a vpnId', () => {
  checkClaim([], claim({}))
  checkClaim([claim({ scope: alice })], claim({ scope: bob }))
  expect(() => checkClaim([claim({})], claim({}))).toThrow(expect.objectContaining({ code: 2203002 }))
  expect(() => checkClaim([claim({ scope: alice })], claim({ scope: alice }))).toThrow(
    expect.objectContaining({ code: 2203002 }),
  )
})

test('device and user tunnels exclude each other, in both directions, named ones too', () => {
  for (const vpnId of ['', 'work']) {
    expect(() => checkClaim([claim({ vpnId })], claim({ scope: alice }))).toThrow(
      expect.objectContaining({ code: 2203002 }),
    )
    expect(() => checkClaim([claim({ scope: alice })], claim({ vpnId }))).toThrow(
      expect.objectContaining({ code: 2203002 }),
    )
  }
})

test('named tunnels stand beside the single one and each other, by their names and addresses', () => {
  const existing = [claim({}), claim({ vpnId: 'work', lastAddress: '10.9.0.1' })]
  checkClaim(existing, claim({ vpnId: 'home', lastAddress: '10.10.0.1' }))
  checkClaim(existing, claim({ vpnId: 'home', lastAddress: '10.8.0.5' }))
  expect(() => checkClaim(existing, claim({ vpnId: 'work', lastAddress: '10.10.0.1' }))).toThrow(
    expect.objectContaining({ code: 2203002 }),
  )
  expect(() => checkClaim(existing, claim({ vpnId: 'home', lastAddress: '10.9.0.1' }))).toThrow(
    expect.objectContaining({ code: 2200003 }),
  )
})

test('twenty named tunnels are the most, of all users together', () => {
  const named = Array.from({ length: maxNamedTunnels }, (_, index) =>
    claim({ vpnId: `v${index}`, lastAddress: `10.0.0.${index}`, scope: index % 2 === 0 ? alice : bob }),
  )
  checkClaim(named.slice(1), claim({ vpnId: 'more', scope: bob, lastAddress: undefined }))
  expect(() => checkClaim(named, claim({ vpnId: 'more', scope: bob, lastAddress: undefined }))).toThrow(
    expect.objectContaining({ code: 2200003 }),
  )
})

test('interfaces are named as on the device', () => {
  expect(chooseInterfaceName('', 0, new Set())).toBe('vpn-tun')
  expect(chooseInterfaceName('', 3, new Set())).toBe('vpn-tun')
  expect(chooseInterfaceName('', 3, new Set(['vpn-tun']))).toBe('vpn-tun3')
  expect(chooseInterfaceName('work', 3, new Set(['vpn-tun']))).toBe('multitun-vpn1')
  expect(chooseInterfaceName('work', 3, new Set(['multitun-vpn1', 'multitun-vpn3']))).toBe('multitun-vpn2')
})

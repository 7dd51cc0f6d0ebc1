import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { keyOf, Link, prefix } from '../../test/two-cores.ts'
import { createWireGuardCore, type PeerOptions, SettingsError } from '../index.ts'

const valid: PeerOptions = {
  publicKey: Buffer.from(keyOf(9)).toString('base64'),
  allowedIps: [prefix('10.9.0.0/16')],
}

test.each<[string, Partial<PeerOptions>]>([
  ['publicKey', { publicKey: 'short' }],
  ['publicKey', { publicKey: Buffer.from(new Uint8Array(32)).toString('base64') }],
  ['presharedKey', { presharedKey: new Uint8Array(31) }],
  ['persistentKeepalive', { persistentKeepalive: 65_536 }],
  ['persistentKeepalive', { persistentKeepalive: 1.5 }],
  ['persistentKeepalive', { persistentKeepalive: -1 }],
])('a peer with a wrong %s is refused, and nothing changes: %o', (field, wrong) => {
  using core = createWireGuardCore({ privateKey: keyOf(1) })
  const before = core.status(0)
  const attempt = (): unknown => core.setPeer({ ...valid, ...wrong }, 0)
  expect(attempt).toThrow(SettingsError)
  expect(attempt).toThrow(`${field}: `)
  expect(core.status(0)).toEqual(before)
  core.setPeer(valid, 0)
  expect(core.status(0).peers).toHaveLength(1)
})

test('an interface is not its own peer, and needs a whole key', () => {
  using core = createWireGuardCore({ privateKey: keyOf(1) })
  expect(() => core.setPeer({ ...valid, publicKey: core.publicKey }, 0)).toThrow('publicKey')
  expect(() => createWireGuardCore({ privateKey: new Uint8Array(31) })).toThrow('privateKey: 31 bytes')
})

test('setting a peer again replaces everything but endpoint and sessions', () => {
  using link = new Link()
  link.take(link.a, link.a.core.connect(peerOfA(link), link.now))
  link.settle()
  const { publicKey } = link.b.core
  link.a.core.setPeer({ publicKey, allowedIps: [prefix('10.7.0.0/16')], persistentKeepalive: 9 }, link.now)
  expect(link.a.core.status(link.now).peers).toMatchObject([
    {
      publicKey,
      endpoint: '192.0.2.2:51820',
      allowedIps: ['10.7.0.0/16'],
      persistentKeepalive: 9,
      handshakeAge: 0,
    },
  ])
  link.a.core.setPeer({ publicKey, allowedIps: [] }, link.now)
  expect(link.a.core.status(link.now).peers[0]).not.toHaveProperty('persistentKeepalive')
})

test('no key shows up when a core, a peer or an error is printed', () => {
  using link = new Link({ peerOfA: { presharedKey: keyOf(0x42) } })
  link.take(link.a, link.a.core.connect(peerOfA(link), link.now))
  expect(JSON.stringify(peerOfA(link))).toBe(
    `{"publicKey":"${link.b.core.publicKey}","endpoint":"192.0.2.2:51820"}`,
  )
  const shown = inspect([link.a.core, peerOfA(link)], { depth: 20, showHidden: true, maxArrayLength: null })
  for (const byte of [1, 0x42]) {
    expect(shown).not.toContain(Array.from({ length: 6 }, () => byte).join(', '))
    expect(shown).not.toContain(Buffer.from(keyOf(byte)).toString('base64').slice(0, 40))
  }
  expect(shown).toContain(link.b.core.publicKey)
})

function peerOfA(link: Link): NonNullable<ReturnType<Link['a']['core']['peer']>> {
  const peer = link.a.core.peer(link.b.core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  return peer
}

import { expect, test } from 'vitest'
import { ipv4Packet, ipv6Packet } from '../../test/packets.ts'
import { keyOf, Link, prefix, type Side } from '../../test/two-cores.ts'

const data = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)
const toB = ipv4Packet('10.0.0.1', '10.0.0.2', data(1))
const toA = ipv4Packet('10.0.0.2', '10.0.0.1', data(2))
const sizes = (link: Link): number[] => link.flying.map(({ bytes }) => bytes.length)
const roles = (side: Side): string[] =>
  side.events.flatMap((event) => (event.kind === 'session' ? [event.role] : []))

test('a packet asks for a session, waits for it and arrives; answers go back on the same one', () => {
  using link = new Link()
  link.send(link.a, toB)
  expect(sizes(link), 'initiation').toEqual([148])
  link.deliver()
  expect(sizes(link), 'response').toEqual([92])
  link.deliver()
  expect(sizes(link), 'header, 21 bytes of packet, padding, tag').toEqual([16 + 32 + 16])
  link.deliver()
  expect(link.b.delivered).toEqual([toB])
  link.send(link.b, toA)
  link.settle()
  expect(link.a.delivered).toEqual([toA])
  expect([roles(link.a), roles(link.b)]).toEqual([['initiator'], ['responder']])
})

test('the responder does not send before it has heard from the initiator', () => {
  using link = new Link()
  link.take(link.a, link.a.core.connect(peerOf(link, link.a), link.now))
  link.deliver()
  const [response] = link.flying
  link.flying = []
  link.send(link.b, toA)
  expect(sizes(link), 'nothing yet, nor another handshake').toEqual([])
  if (response === undefined) throw new Error('no response')
  link.inject(response)
  link.settle()
  expect(link.a.delivered, 'the empty packet of the initiator let it go').toEqual([toA])
})

test.each([
  ['the same preshared key', 5, 5, 1],
  ['different preshared keys', 5, 6, 0],
  ['a preshared key on one side', 5, undefined, 0],
])('%s', (_, keyOfA, keyOfB, delivered) => {
  const psk = (byte: number | undefined): { presharedKey?: Uint8Array } =>
    byte === undefined ? {} : { presharedKey: keyOf(byte) }
  using link = new Link({ peerOfA: psk(keyOfA), peerOfB: psk(keyOfB) })
  link.send(link.a, toB)
  link.settle()
  expect(link.b.delivered).toHaveLength(delivered)
  expect(link.a.core.status(link.now).drops.forged ?? 0).toBe(1 - delivered)
})

test('initiations that cross each other give both sides a session at once', () => {
  using link = new Link({ peerOfB: {} })
  link.b.core.setEndpoint(peerOf(link, link.b), link.a.endpoint, link.now)
  link.send(link.a, toB)
  link.send(link.b, toA)
  expect(sizes(link)).toEqual([148, 148])
  link.settle()
  expect([link.a.delivered, link.b.delivered]).toEqual([[toA], [toB]])
  for (const side of [link.a, link.b]) link.send(side, side === link.a ? toB : toA)
  link.settle()
  expect([link.a.delivered.length, link.b.delivered.length]).toEqual([2, 2])
})

test('IPv6 packets go through, and padding is taken off again', () => {
  using link = new Link()
  const packets = Array.from({ length: 20 }, (_, length) => ipv6Packet(1, 2, new Uint8Array(length).fill(9)))
  for (const packet of packets) link.send(link.a, packet)
  link.settle()
  expect(link.b.delivered).toEqual(packets)
})

test('padding does not make a packet longer than the MTU', () => {
  using link = new Link({ a: { mtu: 1420 } })
  const packet = ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(1400))
  link.send(link.a, packet)
  link.deliver()
  link.deliver()
  expect(sizes(link)).toEqual([1452])
  link.settle()
  expect(link.b.delivered).toEqual([packet])
})

test('a packet from an inner address that is not the peer’s is not delivered', () => {
  using link = new Link({ peerOfA: { allowedIps: [prefix('0.0.0.0/0')] } })
  link.send(link.a, ipv4Packet('10.0.0.99', '10.0.0.2', data(1)))
  link.send(link.a, toB)
  link.settle()
  expect(link.b.delivered).toEqual([toB])
  expect(link.b.core.status(link.now).drops).toEqual({ wrongSource: 1 })
})

test('packets that go nowhere are counted and cause no traffic', () => {
  using link = new Link()
  link.send(link.a, ipv4Packet('10.0.0.1', '10.9.9.9', data(1)))
  link.send(link.a, data(0x50, 1, 2))
  link.send(link.a, ipv4Packet('10.0.0.1', '10.0.0.2', new Uint8Array(65_500)))
  expect(link.a.core.status(link.now).drops).toEqual({ unroutable: 1, notIp: 1, tooLong: 1 })
  link.send(link.b, toA)
  expect(link.b.core.status(link.now).drops, 'b was not told where a is').toEqual({ noEndpoint: 1 })
  expect(link.flying).toEqual([])
})

test('only the newest 128 packets wait for a session', () => {
  using link = new Link()
  const packets = Array.from({ length: 130 }, (_, id) => ipv4Packet('10.0.0.1', '10.0.0.2', data(id)))
  for (const packet of packets) link.send(link.a, packet)
  link.settle()
  expect(link.b.delivered).toEqual(packets.slice(2))
  expect(link.a.core.status(link.now).drops).toEqual({ stagedOverflow: 2 })
})

test('a removed peer is forgotten: no packet, no table entry, no timer', () => {
  using link = new Link()
  link.send(link.a, toB)
  link.settle()
  const keypair = peerOf(link, link.a).keypairs.current
  link.send(link.b, toA)
  expect(link.a.core.removePeer(link.b.core.publicKey)).toBe(true)
  expect(link.a.core.removePeer(link.b.core.publicKey)).toBe(false)
  link.settle()
  link.send(link.a, toB)
  const status = link.a.core.status(link.now)
  expect(link.a.delivered).toEqual([])
  expect(status.tables).toEqual({ indices: 0, timers: 0, sources: 0 })
  expect(status.drops).toEqual({ unknownIndex: 1, unroutable: 1 })
  expect(() => keypair?.seal(8192, 16, 12_288), 'its keys are wiped').toThrow('disposal')
})

test('status tells traffic, age and round trip, and no secret', () => {
  using link = new Link({
    peerOfA: { presharedKey: keyOf(5), persistentKeepalive: 25 },
    peerOfB: { presharedKey: keyOf(5) },
  })
  link.send(link.a, toB)
  link.deliver()
  link.now += 40
  link.deliver()
  link.now += 1000
  const status = link.a.core.status(link.now)
  expect(status.peers).toEqual([
    {
      publicKey: link.b.core.publicKey,
      endpoint: '192.0.2.2:51820',
      allowedIps: ['10.0.0.2/32', 'fd00::2/128'],
      rxBytes: 92,
      txBytes: 148 + 64,
      handshakeAge: 1000,
      handshakeRoundTrip: 40,
      persistentKeepalive: 25,
    },
  ])
  expect(JSON.stringify(status)).not.toContain(Buffer.from(keyOf(5)).toString('base64'))
})

function peerOf(link: Link, side: Side): NonNullable<ReturnType<Side['core']['peer']>> {
  const peer = side.core.peer(link.other(side).core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  return peer
}

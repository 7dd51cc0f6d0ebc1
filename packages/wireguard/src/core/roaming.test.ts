import { Endpoint } from '@vpnext/packet'
import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { type Flight, Link } from '../../test/two-cores.ts'

const toB = ipv4Packet('10.0.0.1', '10.0.0.2', Uint8Array.of(1))
const elsewhere = Endpoint.from('2001:db8::7', 4000)

/** Where b believes a to be. */
const seen = (link: Link): string | undefined => link.b.core.status(link.now).peers[0]?.endpoint

function connected(): Link {
  const link = new Link()
  link.send(link.a, toB)
  link.settle()
  link.b.events.length = 0
  return link
}

function nextFromA(link: Link): Flight {
  link.send(link.a, toB)
  const flight = link.flying.pop()
  if (flight === undefined) throw new Error('nothing sent')
  return flight
}

test('a peer is where its newest authentic packet came from, IPv4 or IPv6, and is answered there', () => {
  using link = connected()
  expect(seen(link)).toBe('192.0.2.1:51820')
  link.a.endpoint = elsewhere
  link.inject(nextFromA(link))
  expect(seen(link)).toBe('[2001:db8::7]:4000')
  expect(link.b.events).toMatchObject([{ kind: 'roamed', endpoint: elsewhere }])
  const answer = link.b.core.consumePacket(
    ipv4Packet('10.0.0.2', '10.0.0.1', Uint8Array.of(2)),
    0,
    21,
    link.now,
  )
  expect(answer).toMatchObject([{ kind: 'send', endpoint: elsewhere }])
})

test('a peer that stays where it is causes no event', () => {
  using link = connected()
  link.inject({ ...nextFromA(link), source: Endpoint.from('192.0.2.1', 51_820) })
  expect(link.b.events).toEqual([])
})

test('forged and replayed packets move nobody', () => {
  using link = connected()
  const packet = nextFromA(link)
  const forged = Uint8Array.from(packet.bytes)
  forged[20] = (forged[20] ?? 0) ^ 1
  link.inject({ ...packet, bytes: forged, source: elsewhere })
  expect(seen(link)).toBe('192.0.2.1:51820')
  link.inject(packet)
  link.inject({ ...packet, source: elsewhere })
  expect(seen(link)).toBe('192.0.2.1:51820')
  expect(link.b.core.status(link.now).drops).toEqual({ forgedPacket: 1, replayedPacket: 1 })
  link.inject({ ...nextFromA(link), source: elsewhere })
  expect(seen(link)).toBe('[2001:db8::7]:4000')
})

test('handshake messages move a peer too, but replayed ones do not', () => {
  using link = new Link()
  link.send(link.a, toB)
  const [initiation] = link.flying
  if (initiation === undefined) throw new Error('nothing sent')
  link.settle()
  link.now += 1000
  link.inject({ ...initiation, source: elsewhere })
  expect([seen(link), link.b.core.status(link.now).drops]).toEqual(['192.0.2.1:51820', { replayed: 1 }])
  link.a.endpoint = elsewhere
  link.pass(10_000)
  link.flying = []
  link.pass(170_000)
  link.flying = []
  link.send(link.a, toB)
  expect(link.flying.map(({ bytes }) => bytes.length)).toEqual([148])
  link.deliver()
  expect(seen(link)).toBe('[2001:db8::7]:4000')
})

test('a peer that was moved by hand, or whose name resolved anew, is sent to there', () => {
  using link = connected()
  const peer = link.a.core.peer(link.b.core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  link.a.core.setEndpoint(peer, elsewhere, link.now)
  expect(link.a.core.consumePacket(toB, 0, toB.length, link.now)).toMatchObject([{ endpoint: elsewhere }])
})

test('who does not answer at one address is asked at the next one at once, and at the same one not sooner than usual', () => {
  using link = new Link({ peerOfA: { persistentKeepalive: 25 } })
  const { core } = link.a
  const peer = core.peer(link.b.core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  link.send(link.a, toB)
  link.flying = []
  /** Where initiations go to. */
  const asked = (): string[] =>
    core.advance(link.now).flatMap((action) => (action.kind === 'send' ? [action.endpoint.toString()] : []))
  core.setEndpoint(peer, link.b.endpoint, link.now)
  expect(asked()).toEqual([])
  core.setEndpoint(peer, elsewhere, link.now)
  expect(asked()).toEqual(['[2001:db8::7]:4000'])
  core.setEndpoint(peer, elsewhere, link.now)
  expect(asked()).toEqual([])
})

test('a name that is resolved again and again while nobody answers does not make the attempt last for ever', () => {
  using link = new Link({ peerOfA: { persistentKeepalive: 25 } })
  const { core } = link.a
  const peer = core.peer(link.b.core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  link.pass(0)
  const count = (kind: string): number => link.a.events.filter((event) => event.kind === kind).length
  const start = link.now
  let resolved = 0
  link.pass(100_000, () => {
    link.flying = []
    if (resolved === count('unanswered') || link.now - start >= 100_000) return
    resolved += 1
    core.setEndpoint(peer, resolved % 2 === 0 ? link.b.endpoint : elsewhere, link.now)
  })
  expect(resolved).toBeGreaterThan(10)
  expect(count('unreachable')).toBe(1)
})

test('who is asked at one of its addresses answers from there, until nothing comes back', () => {
  using link = new Link()
  const ours = Uint8Array.of(198, 51, 100, 7)
  const place = Uint8Array.of(192, 0, 2, 1)
  link.a.endpoint = Endpoint.fromBytes(place, 51_820, 0, ours)
  link.send(link.a, toB)
  link.deliver()
  expect(link.b.events).toMatchObject([{ kind: 'roamed' }, { kind: 'asked' }])
  link.settle()
  const { core } = link.b
  const peer = core.peer(link.a.core.publicKey)
  const answersFrom = (): string | undefined => peer?.endpoint?.localAddress
  expect(answersFrom()).toBe('198.51.100.7')
  // What it asks itself leaves from wherever the machine says.
  expect(link.a.core.peer(core.publicKey)?.endpoint?.localAddress).toBeUndefined()
  link.send(link.b, ipv4Packet('10.0.0.2', '10.0.0.1', Uint8Array.of(2)))
  link.flying = []
  link.pass(14_000)
  link.flying = []
  expect(answersFrom()).toBe('198.51.100.7')
  link.pass(3_000)
  expect(answersFrom()).toBeUndefined()
  expect(peer?.endpoint?.toString()).toBe('192.0.2.1:51820')
})

test('the choice of our address is left to the machine only for the place that was meant', () => {
  using link = new Link()
  const source = Endpoint.fromBytes(Uint8Array.of(192, 0, 2, 1), 51_820, 0, Uint8Array.of(198, 51, 100, 7))
  link.a.endpoint = source
  link.send(link.a, toB)
  link.settle()
  const { core } = link.b
  const peer = core.peer(link.a.core.publicKey)
  if (peer === undefined) throw new Error('no peer')
  core.answerFromAnywhere(peer, Endpoint.fromBytes(source.mapped, 4000, 0, source.local))
  core.answerFromAnywhere(peer, Endpoint.fromBytes(source.mapped, 51_820, 0, Uint8Array.of(198, 51, 100, 8)))
  expect(peer.endpoint?.localAddress).toBe('198.51.100.7')
  core.answerFromAnywhere(peer, source)
  expect(peer.endpoint?.localAddress).toBeUndefined()
})

import { Endpoint } from '@vpnext/packet'
import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { type Flight, Link } from '../../test/two-cores.ts'

const toB = ipv4Packet('10.0.0.1', '10.0.0.2', Uint8Array.of(1))
const kinds = (link: Link): string[] =>
  link.flying.map(
    ({ bytes, from }) =>
      `${from.name}: ${['', 'initiation', 'response', 'cookie', 'transport'][bytes[0] ?? 0]}`,
  )

/** A link whose b always asks for cookies, and the initiation of a on its way. */
function loaded(): { link: Link; first: Flight } {
  const link = new Link({ b: { underLoadMessages: 1 } })
  link.send(link.a, toB)
  return { link, first: onlyFlight(link) }
}

function onlyFlight(link: Link): Flight {
  const [flight, ...more] = link.flying
  if (flight === undefined || more.length > 0) throw new Error(`${link.flying.length} datagrams`)
  return flight
}

/** Past the cookie: the initiation with mac2 that a sends next. */
function withCookie(link: Link): Flight {
  link.settle()
  link.pass(5400)
  return onlyFlight(link)
}

test('under load an initiation is answered with a cookie, and works with it 5 s later', () => {
  const { link } = loaded()
  using _ = link
  link.deliver()
  expect(kinds(link)).toEqual(['b: cookie'])
  link.deliver()
  expect(kinds(link), 'the cookie itself causes nothing').toEqual([])
  link.pass(5400)
  expect(kinds(link)).toEqual(['a: initiation'])
  link.settle()
  expect(link.b.delivered).toEqual([toB])
  expect(link.b.core.status(link.now).drops).toEqual({ cookieRequired: 1 })
})

test('responses need a cookie as well where the initiator is under load', () => {
  using link = new Link({ a: { underLoadMessages: 1 } })
  link.send(link.a, toB)
  link.deliver()
  link.deliver()
  expect(kinds(link)).toEqual(['a: cookie'])
  link.settle()
  link.pass(5400)
  link.settle()
  expect(link.b.delivered).toEqual([toB])
})

test('without load nobody is asked for a cookie', () => {
  using link = new Link()
  link.send(link.a, toB)
  link.deliver()
  expect(kinds(link)).toEqual(['b: response'])
})

test('a report of load from outside lasts for a second', () => {
  using link = new Link()
  link.send(link.a, toB)
  link.b.core.reportLoad(link.now)
  const first = onlyFlight(link)
  link.now += 999
  link.deliver()
  expect(kinds(link)).toEqual(['b: cookie'])
  link.flying = []
  link.now += 1
  link.inject(first)
  expect(kinds(link)).toEqual(['b: response'])
})

test('a cookie is good only for the address and port it was given to', () => {
  const { link } = loaded()
  using _ = link
  const second = withCookie(link)
  link.flying = []
  for (const source of [Endpoint.from('192.0.2.77', 51_820), Endpoint.from('192.0.2.1', 51_821)]) {
    link.inject({ ...second, source })
    expect(kinds(link)).toEqual(['b: cookie'])
    link.flying = []
  }
  link.inject(second)
  expect(kinds(link)).toEqual(['b: response'])
})

test('cookies end after two minutes, on both sides', () => {
  const { link, first } = loaded()
  using _ = link
  const second = withCookie(link)
  link.flying = []
  link.now += 120_000
  link.inject(second)
  expect(kinds(link), 'the secret is another one now').toEqual(['b: cookie'])
  expect(
    first.bytes.subarray(132).some((byte) => byte !== 0),
    'no cookie, no mac2',
  ).toBe(false)
  expect(second.bytes.subarray(132).some((byte) => byte !== 0)).toBe(true)
  link.pass(0)
  link.flying = []
  link.send(link.a, toB)
  const late = onlyFlight(link)
  expect(
    late.bytes.subarray(132).some((byte) => byte !== 0),
    'a forgot it',
  ).toBe(false)
})

test('one source may send 5 handshake messages at once, and 20 a second', () => {
  const { link } = loaded()
  using _ = link
  const second = withCookie(link)
  link.flying = []
  const limited = (): number => link.b.core.status(link.now).drops.rateLimited ?? 0
  for (let sent = 0; sent < 5; sent += 1) link.inject(second)
  expect(limited()).toBe(0)
  for (let sent = 0; sent < 3; sent += 1) link.inject(second)
  expect(limited()).toBe(3)
  link.now += 50
  link.inject(second)
  link.inject(second)
  expect(limited()).toBe(4)
})

test('cookie replies that answer nothing, are forged, or come again, are not taken', () => {
  const { link } = loaded()
  using _ = link
  link.deliver()
  const reply = onlyFlight(link)
  link.flying = []
  const forged = Uint8Array.from(reply.bytes)
  forged[40] = (forged[40] ?? 0) ^ 1
  const elsewhere = Uint8Array.from(reply.bytes)
  elsewhere[4] = (elsewhere[4] ?? 0) ^ 1
  for (const bytes of [forged, elsewhere, reply.bytes, reply.bytes]) link.inject({ ...reply, bytes })
  expect(link.a.core.status(link.now).drops).toEqual({ badCookie: 2, unknownIndex: 1 })
  link.pass(5400)
  link.settle()
  expect(link.b.delivered).toEqual([toB])
})

/** Initiations with a right mac1 from so many places where no peer is. */
function flood(link: Link, { bytes, from }: Flight, count: number): void {
  for (let nth = 1; nth <= count; nth += 1) {
    link.inject({ bytes, from, source: Endpoint.from('198.51.100.1', nth) })
  }
}

test('in a flood of strangers a peer is given its cookie, and its session renewed', () => {
  const { link } = loaded()
  using _ = link
  withCookie(link)
  link.settle()
  link.pass(125_000, () => link.settle())
  link.b.delivered.length = 0
  link.send(link.a, toB)
  const [initiation] = link.flying.filter(({ bytes }) => bytes[0] === 1)
  if (initiation === undefined) throw new Error('the session is not renewed')
  link.flying = []
  flood(link, initiation, 3000)
  expect(link.b.core.status(link.now).drops.flooded).toBe(2000)
  link.flying = []
  link.inject(initiation)
  expect(kinds(link)).toEqual(['b: cookie'])
  link.settle()
  link.pass(5400)
  const [again] = link.flying.filter(({ bytes }) => bytes[0] === 1)
  if (again === undefined) throw new Error('it was not asked again')
  link.flying = []
  flood(link, initiation, 3000)
  link.flying = [again]
  link.settle()
  expect(link.a.core.status(link.now).peers[0]?.handshakeAge).toBe(0)
})

test('who takes the place of a peer in a flood is given a thousand cookies a second and no more', () => {
  const { link, first } = loaded()
  using _ = link
  withCookie(link)
  link.settle()
  link.pass(2000)
  flood(link, first, 1000)
  const { cookieRequired = 0 } = link.b.core.status(link.now).drops
  for (let sent = 0; sent < 1500; sent += 1) link.inject(first)
  expect(link.b.core.status(link.now).drops).toMatchObject({
    cookieRequired: cookieRequired + 1000,
    flooded: 500,
  })
})

test('of a flood no more than a thousand a second are answered, and then others again', () => {
  const { link, first } = loaded()
  using _ = link
  for (let sent = 0; sent < 1500; sent += 1) link.inject(first)
  expect(link.b.core.status(link.now).drops).toEqual({ cookieRequired: 1000, flooded: 500 })
  link.flying = []
  link.now += 1000
  link.inject(first)
  expect(kinds(link)).toEqual(['b: cookie'])
})

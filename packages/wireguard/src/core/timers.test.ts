import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { type Flight, Link, type LinkOptions } from '../../test/two-cores.ts'

const toB = ipv4Packet('10.0.0.1', '10.0.0.2', Uint8Array.of(1))
const toA = ipv4Packet('10.0.0.2', '10.0.0.1', Uint8Array.of(2))
const minute = 60_000
const initiations = (link: Link): Flight[] => link.flying.filter(({ bytes }) => bytes.length === 148)

/** Two cores with a fresh session that a asked for, nothing on its way, and its age 0. */
function connected(options?: LinkOptions): Link {
  const link = new Link(options)
  link.send(link.a, toB)
  link.settle()
  expect(link.b.delivered).toEqual([toB])
  link.b.delivered.length = 0
  link.b.events.length = 0
  link.a.events.length = 0
  return link
}

test('the initiator renews a session when it sends at 120 s, the responder does not', () => {
  using link = connected()
  link.pass(119_999, () => link.settle())
  link.send(link.a, toB)
  expect(initiations(link)).toEqual([])
  link.settle()
  link.pass(1, () => link.settle())
  link.send(link.b, toA)
  expect(initiations(link)).toEqual([])
  link.settle()
  link.send(link.a, toB)
  expect(initiations(link)).toHaveLength(1)
  link.settle()
  expect(link.a.core.status(link.now).peers[0]?.handshakeAge).toBe(0)
})

test('an initiator that only receives renews at 165 s', () => {
  using link = connected()
  link.pass(164_999)
  link.flying = []
  link.send(link.b, toA)
  link.deliver()
  expect(initiations(link)).toEqual([])
  link.pass(1)
  link.flying = []
  link.send(link.b, toA)
  link.deliver()
  expect(initiations(link)).toHaveLength(1)
})

test('a session is neither sent with nor received with from 180 s on', () => {
  using link = connected()
  link.pass(179_998)
  link.flying = []
  link.send(link.a, toB)
  link.send(link.a, toB)
  const [early, late] = link.flying.filter(({ bytes }) => bytes.length === 64)
  link.flying = []
  if (early === undefined || late === undefined) throw new Error('not sent')
  link.now += 1
  link.inject(early)
  expect(link.b.delivered).toHaveLength(1)
  link.now += 1
  link.inject(late)
  expect(link.b.delivered).toHaveLength(1)
  expect(link.b.core.status(link.now).drops).toEqual({ expired: 1 })
  link.flying = []
  link.now += 10_000
  link.send(link.a, toB)
  expect(
    link.flying.map(({ bytes }) => bytes.length),
    'an initiation instead of the packet',
  ).toEqual([148])
})

test('an initiation is sent again every 5 s and jitter, for 90 s, and then what waits is dropped', () => {
  using link = new Link()
  const sent: number[] = []
  const note = (): void => {
    for (const { bytes } of link.flying.splice(0)) sent.push(bytes.length === 148 ? link.now : Number.NaN)
  }
  link.send(link.a, toB)
  note()
  const start = link.now
  link.pass(11 * minute, note)
  const gaps = sent.slice(1).map((at, index) => at - (sent[index] ?? 0))
  for (const gap of gaps) expect([gap >= 5000, gap <= 5333]).toEqual([true, true])
  expect(new Set(gaps).size, 'jitter').toBeGreaterThan(1)
  expect(sent.length).toBeGreaterThanOrEqual(17)
  expect((sent.at(-1) ?? 0) - start).toBeLessThan(90_000)
  const kinds = link.a.events.map(({ kind }) => kind)
  expect(kinds).toEqual([...Array.from({ length: sent.length - 1 }, () => 'unanswered'), 'unreachable'])
  expect(link.a.core.status(link.now)).toMatchObject({
    drops: { unreachable: 1 },
    tables: { indices: 0, timers: 0 },
  })
})

test('whoever wants to send during that time gets another 90 s', () => {
  using link = new Link()
  link.send(link.a, toB)
  link.pass(80_000)
  link.flying = []
  link.send(link.a, toB)
  link.pass(80_000)
  expect(link.a.events.map(({ kind }) => kind)).not.toContain('unreachable')
  expect(initiations(link).length).toBeGreaterThan(10)
  link.flying = link.flying.slice(-1)
  link.settle()
  expect(link.b.delivered.length, 'both packets waited').toBe(2)
})

test('for how long a peer has not answered is told, however much is sent meanwhile, until it does', () => {
  using link = connected()
  const unanswered = (): number | undefined => link.a.core.status(link.now).peers[0]?.unansweredFor
  link.pass(180_000, () => link.settle())
  expect(unanswered()).toBeUndefined()
  for (let seconds = 0; seconds < 600; seconds += 1) {
    link.send(link.a, toB)
    link.pass(1000)
    link.flying = initiations(link).slice(-1)
  }
  expect(unanswered()).toBe(600_000)
  link.settle()
  expect(unanswered()).toBeUndefined()
  // It is the other one's initiation that leads to a session.
  link.pass(180_000, () => link.settle())
  link.send(link.a, toB)
  link.flying = []
  link.pass(3000)
  expect(unanswered()).toBe(3000)
  link.send(link.b, toA)
  link.settle()
  expect(unanswered()).toBeUndefined()
})

test('no two initiations are sent within 5 s, however much there is to send', () => {
  using link = new Link()
  for (let step = 0; step < 49; step += 1) {
    link.send(link.a, toB)
    link.pass(100)
  }
  expect(initiations(link)).toHaveLength(1)
})

test('who received data but has none to send answers with an empty packet after 10 s', () => {
  using link = connected()
  link.pass(9999)
  expect(link.flying).toEqual([])
  link.pass(1)
  expect(link.flying.map(({ from, bytes }) => [from.name, bytes.length])).toEqual([['b', 32]])
  link.settle()
  link.pass(minute)
  expect(link.flying, 'an empty packet is not answered').toEqual([])
  expect(link.a.delivered).toEqual([])
})

test('data that nothing comes back for leads to a new handshake after 15 s and jitter', () => {
  using link = connected()
  link.pass(20_000, () => link.settle())
  link.send(link.a, toB)
  link.flying = []
  link.pass(14_999)
  expect(link.flying).toEqual([])
  link.pass(335)
  expect(initiations(link)).toHaveLength(1)
})

test('a persistent keepalive is sent at once and whenever nothing was said for its interval', () => {
  using link = new Link({ peerOfA: { persistentKeepalive: 25 } })
  link.pass(0, () => link.settle())
  expect(link.b.events.map(({ kind }) => kind)).toEqual(['roamed', 'session'])
  link.pass(24_999)
  expect(link.flying).toEqual([])
  link.pass(1)
  expect(link.flying.map(({ from, bytes }) => [from.name, bytes.length])).toEqual([['a', 32]])
  link.settle()
  link.pass(20_000)
  link.send(link.b, toA)
  link.settle()
  link.pass(9_999)
  expect(link.flying, 'the packet of b counts').toEqual([])
})

test('all keys are wiped 540 s after the last handshake', () => {
  using link = connected()
  const keypair = link.a.core.peer(link.b.core.publicKey)?.keypairs.current
  link.pass(539_999, () => link.settle())
  expect(link.a.core.status(link.now).tables.indices).toBe(1)
  expect(() => keypair?.seal(8192, 16, 12_288)).not.toThrow()
  link.pass(1, () => link.settle())
  expect(link.a.core.status(link.now).tables).toEqual({ indices: 0, timers: 0, sources: 0 })
  expect(() => keypair?.seal(8192, 16, 12_288)).toThrow('disposal')
  expect([link.a.core.nextDeadline, link.b.core.nextDeadline]).toEqual([Infinity, Infinity])
  link.send(link.b, toA)
  link.settle()
  expect(link.a.delivered, 'and a new session can be had').toEqual([toA])
})

test('a session is renewed after so many packets, and not used beyond its last one', () => {
  const timings = { rekeyAfterMessages: 10, rejectAfterMessages: 20, rekeyTimeout: 0, rekeyJitter: 0 }
  using link = connected({ a: { timings } })
  link.pass(100)
  for (let sent = 1; sent < 9; sent += 1) link.send(link.a, toB)
  expect(initiations(link)).toEqual([])
  link.send(link.a, toB)
  expect(initiations(link)).toHaveLength(1)
  for (let sent = 10; sent < 40; sent += 1) link.send(link.a, toB)
  const carried = link.flying.filter(({ bytes }) => bytes.length === 64)
  expect(carried, 'counters 1 to 19').toHaveLength(19)
  link.flying = [...carried, ...initiations(link).slice(-1)]
  link.settle()
  expect(link.b.delivered, 'the others came with the next session').toHaveLength(39)
})

test('a peer that sends with too high a counter is not listened to', () => {
  using link = connected({ b: { timings: { rejectAfterMessages: 3 } } })
  for (let sent = 0; sent < 5; sent += 1) link.send(link.a, toB)
  link.settle()
  expect(link.b.delivered, 'counters 1 and 2').toHaveLength(2)
  expect(link.b.core.status(link.now).drops).toEqual({ expired: 3 })
})

test('time that goes back, or jumps far ahead, breaks nothing', () => {
  using link = connected()
  link.take(link.a, link.a.core.advance(link.now - minute))
  link.now += 365 * 24 * 60 * minute
  link.take(link.a, link.a.core.advance(link.now))
  link.take(link.b, link.b.core.advance(link.now))
  link.flying = []
  link.now += 10_000
  link.send(link.a, toB)
  link.settle()
  expect(link.b.delivered).toEqual([toB])
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { Link, type Side } from '../../test/two-cores.ts'
import { REKEY_AFTER_TIME, RETIRED_SESSION_TIME } from '../constants.ts'

/** The longest that a datagram is on its way here, ms: less than half of what a response may take (REKEY_TIMEOUT). */
const longestWay = 2000
/** How exactly that is kept, ms. */
const grain = 250
/** No session becomes too old while something is on its way. */
const timings = { rejectAfterTime: 1e9, zeroKeysAfter: 1e9 }

/** A network that delays, and neither loses nor reorders; every packet carries a number. */
class SlowLink {
  readonly link = new Link({ a: { timings }, b: { timings } })
  readonly #sent: Record<'a' | 'b', number> = { a: 0, b: 0 }
  /** When each datagram in flight was first seen there, ms. */
  readonly #since = new Map<unknown, number>()

  /** @param ask who asks for the first session; both: each sends with one of its own, and renews it by age */
  constructor(ask: 'a' | 'both') {
    const { a, b } = this.link
    const peer = b.core.peer(a.core.publicKey)
    if (peer !== undefined) b.core.setEndpoint(peer, a.endpoint, this.link.now)
    for (const side of ask === 'both' ? [a, b] : [a]) this.send(side)
    this.link.settle()
    this.expectAllArrived()
  }

  send(side: Side): void {
    this.#sent[side.name] += 1
    const number = new Uint8Array(4)
    new DataView(number.buffer).setUint32(0, this.#sent[side.name])
    this.link.send(side, ipv4Packet(side.address, this.link.other(side).address, number))
  }

  /** Delivers the oldest datagram of one side. @returns false when there is none */
  deliver(side: Side): boolean {
    const index = this.link.flying.findIndex(({ from }) => from === side)
    if (index >= 0) this.link.deliver(index)
    return index >= 0
  }

  /** Lets time pass; what was on its way for long enough arrives. */
  pass(duration: number): void {
    const { link } = this
    const arrive = (): void => {
      for (const flight of link.flying) if (!this.#since.has(flight)) this.#since.set(flight, link.now)
      for (const side of [link.a, link.b]) {
        const late = (): boolean =>
          link.flying.some(
            (flight) =>
              flight.from === side && (this.#since.get(flight) ?? link.now) <= link.now - longestWay,
          )
        while (late()) this.deliver(side)
      }
    }
    for (let left = duration; left > 0; left -= grain) link.pass(Math.min(left, grain), arrive)
  }

  /** What was sent arrived, once and in order, and neither end found anything wrong. */
  expectAllArrived(): void {
    for (const side of [this.link.a, this.link.b]) {
      const numbers = side.delivered.map((packet) => new DataView(packet.buffer).getUint32(20))
      const sent = this.#sent[this.link.other(side).name]
      expect(numbers).toEqual(Array.from({ length: sent }, (_, at) => at + 1))
      // Two initiations may follow each other more closely than is allowed; the second is sent again.
      expect({ ...side.core.status(this.link.now).drops, tooOften: 0 }).toEqual({ tooOften: 0 })
    }
  }
}

test('an end that renews goes on sending with the session it has until the response is there', () => {
  const slow = new SlowLink('both')
  using link = slow.link
  link.pass(REKEY_AFTER_TIME, () => link.settle())
  slow.send(link.a)
  expect(
    link.flying.map(({ bytes }) => bytes.length),
    'a packet and an initiation',
  ).toEqual([64, 148])
  for (let times = 0; times < 3; times += 1) slow.send(link.a)
  link.settle()
  slow.expectAllArrived()
})

test('an end that was asked to renew goes on sending with the session it has until the new one is used', () => {
  const slow = new SlowLink('both')
  using link = slow.link
  link.pass(REKEY_AFTER_TIME, () => link.settle())
  slow.send(link.a)
  while (slow.deliver(link.a));
  expect(
    link.flying.map(({ bytes }) => bytes.length),
    'a response',
  ).toEqual([92])
  while (slow.deliver(link.b));
  slow.send(link.b)
  link.settle()
  slow.expectAllArrived()
})

test('both ends renew at once, and go on sending', () => {
  const slow = new SlowLink('both')
  using link = slow.link
  link.pass(REKEY_AFTER_TIME, () => link.settle())
  for (let times = 0; times < 3; times += 1) for (const side of [link.a, link.b]) slow.send(side)
  expect(link.flying.filter(({ bytes }) => bytes.length === 148)).toHaveLength(2)
  link.settle()
  slow.expectAllArrived()
})

test('a session whose response is lost takes none away that is in use', () => {
  const slow = new SlowLink('both')
  using link = slow.link
  link.pass(REKEY_AFTER_TIME, () => link.settle())
  slow.send(link.a)
  while (slow.deliver(link.a));
  link.flying = []
  for (let second = 0; second < 20; second += 1) {
    slow.send(link.a)
    while (slow.deliver(link.a));
    link.flying = []
    link.pass(1000)
  }
  link.settle()
  slow.expectAllArrived()
})

test('the keys of replaced sessions are wiped soon, and few are kept meanwhile', () => {
  const slow = new SlowLink('both')
  using link = slow.link
  const indices = (): number => link.a.core.status(link.now).tables.indices
  for (let times = 0; times < 10; times += 1) {
    link.pass(REKEY_AFTER_TIME, () => link.settle())
    for (const side of [link.a, link.b]) slow.send(side)
    link.settle()
    expect(indices()).toBeLessThanOrEqual(4)
  }
  expect(indices()).toBeGreaterThan(2)
  link.pass(RETIRED_SESSION_TIME, () => link.settle())
  expect(indices()).toBe(2)
  slow.expectAllArrived()
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('send a' as const, 'send b' as const) },
  { weight: 5, arbitrary: fc.constantFrom('deliver a' as const, 'deliver b' as const) },
  { weight: 2, arbitrary: fc.nat({ max: longestWay }) },
  { weight: 1, arbitrary: fc.integer({ min: REKEY_AFTER_TIME - 2 * longestWay, max: REKEY_AFTER_TIME }) },
)

test('however long datagrams take, and whoever renews when: all arrive', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 150 }), fc.boolean(), (steps, both) => {
      const slow = new SlowLink(both ? 'both' : 'a')
      using link = slow.link
      for (const each of steps) {
        if (typeof each === 'number') slow.pass(each)
        else if (each.startsWith('send')) slow.send(each === 'send a' ? link.a : link.b)
        else slow.deliver(each === 'deliver a' ? link.a : link.b)
      }
      link.settle()
      slow.pass(10_000)
      slow.expectAllArrived()
    }),
    { numRuns: 60 },
  )
}, 60_000)

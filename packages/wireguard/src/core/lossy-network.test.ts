import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { type Flight, keyOf, Link, type LinkOptions, type Side } from '../../test/two-cores.ts'

type Step =
  | { readonly do: 'send'; readonly from: 'a' | 'b' }
  | { readonly do: 'deliver' | 'drop' | 'repeat' | 'replay' | 'settle'; readonly which: number }
  | { readonly do: 'forge'; readonly which: number; readonly at: number; readonly flip: number }
  | { readonly do: 'pass'; readonly duration: number }

const which = fc.nat({ max: 1000 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      from: fc.constantFrom('a' as const, 'b' as const),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('drop' as const, 'repeat' as const, 'replay' as const, 'settle' as const),
      which,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('forge' as const),
      which,
      at: fc.nat({ max: 200 }),
      flip: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      duration: fc.oneof(fc.nat({ max: 6_000 }), fc.nat({ max: 200_000 })),
    }),
  },
)

/** A link on which every packet carries a number, so that it is known whose it is and whether it came before. */
class Experiment {
  readonly link: Link
  readonly history: Flight[] = []
  readonly sent: Record<'a' | 'b', number> = { a: 0, b: 0 }

  constructor(options: LinkOptions) {
    this.link = new Link(options)
    const { a, b } = this.link
    const peer = b.core.peer(a.core.publicKey)
    if (peer !== undefined) b.core.setEndpoint(peer, a.endpoint, this.link.now)
  }

  send(side: Side): void {
    this.sent[side.name] += 1
    const number = new Uint8Array(4)
    new DataView(number.buffer).setUint32(0, this.sent[side.name])
    this.link.send(side, ipv4Packet(side.address, this.link.other(side).address, number))
  }

  take(what: Step): void {
    const { link } = this
    switch (what.do) {
      case 'send':
        this.send(link[what.from])
        break
      case 'deliver':
        link.deliver(what.which % Math.max(1, link.flying.length))
        break
      case 'drop':
        link.flying.splice(what.which % Math.max(1, link.flying.length), 1)
        break
      case 'repeat': {
        const again = link.flying[what.which % Math.max(1, link.flying.length)]
        if (again !== undefined) link.flying.push({ ...again })
        break
      }
      case 'replay':
      case 'forge': {
        const old = this.history[what.which % Math.max(1, this.history.length)]
        if (old === undefined) break
        const bytes = Uint8Array.from(old.bytes)
        if (what.do === 'forge')
          bytes[what.at % bytes.length] = (bytes[what.at % bytes.length] ?? 0) ^ what.flip
        link.inject({ ...old, bytes })
        break
      }
      case 'settle':
        link.settle()
        break
      case 'pass':
        link.pass(what.duration)
        break
    }
    for (const flight of link.flying) if (!this.history.includes(flight)) this.history.push(flight)
  }

  /** What arrived is what was sent, and nothing of it twice. */
  check(): void {
    for (const side of [this.link.a, this.link.b]) {
      const from = this.link.other(side)
      const numbers = side.delivered.map((packet) => new DataView(packet.buffer).getUint32(20))
      expect(new Set(numbers).size).toBe(numbers.length)
      for (const number of numbers) expect(number).toBeLessThanOrEqual(this.sent[from.name])
      for (const packet of side.delivered)
        expect([...packet.subarray(12, 20)]).toEqual([
          10,
          0,
          0,
          from === this.link.a ? 1 : 2,
          10,
          0,
          0,
          from === this.link.a ? 2 : 1,
        ])
    }
  }

  /** With a network that works again, packets arrive within half a minute, in both directions. */
  converge(): void {
    const { a, b } = this.link
    this.link.flying = []
    for (let second = 0; second < 30; second += 1) {
      for (const side of [a, b]) this.send(side)
      this.link.settle()
      this.link.pass(1000, () => this.link.settle())
    }
    for (const side of [a, b]) {
      const last = side.delivered.at(-1)
      if (last === undefined) throw new Error(`${side.name} got nothing`)
      expect(new DataView(last.buffer).getUint32(20)).toBe(this.sent[this.link.other(side).name])
    }
  }
}

test('whatever the network loses, reorders, repeats or forges: nothing false or twice, and it works again afterwards', () => {
  const shared = { presharedKey: keyOf(9) }
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 120 }), fc.boolean(), (steps, withKey) => {
      const experiment = new Experiment(withKey ? { peerOfA: shared, peerOfB: shared } : {})
      using _ = experiment.link
      for (const each of steps) experiment.take(each)
      experiment.check()
      experiment.converge()
      experiment.check()
    }),
    { numRuns: 60 },
  )
}, 60_000)

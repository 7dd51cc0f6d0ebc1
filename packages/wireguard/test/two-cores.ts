import { parsePrefix, type Prefix } from '@vpnext/ip'
import { Endpoint } from '@vpnext/packet'
import {
  type CoreAction,
  type CoreOptions,
  createWireGuardCore,
  type PeerOptions,
  type WireGuardCore,
} from '../src/index.ts'

/** A private key of 32 equal bytes. */
export function keyOf(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte)
}

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (parsed === undefined) throw new Error(`no prefix: ${text}`)
  return parsed
}

/** A datagram on its way. */
export interface Flight {
  readonly from: Side
  readonly bytes: Uint8Array
  /** Where its receiver sees it come from. */
  source: Endpoint
}

/** One end of a {@link Link}. */
export interface Side {
  readonly name: 'a' | 'b'
  readonly core: WireGuardCore
  /** Its inner IPv4 address. */
  readonly address: string
  endpoint: Endpoint
  readonly delivered: Uint8Array[]
  readonly events: CoreAction[]
}

export interface LinkOptions {
  readonly a?: Partial<CoreOptions>
  readonly b?: Partial<CoreOptions>
  readonly peerOfA?: Partial<PeerOptions>
  readonly peerOfB?: Partial<PeerOptions>
}

/**
 * Two cores and the datagrams between them, in simulated time. Nothing moves by itself: tests deliver, drop, repeat and
 * reorder what is in {@link flying}.
 */
export class Link implements Disposable {
  /** Simulated, ms. */
  now = 1_000_000
  readonly a: Side
  readonly b: Side
  /** Datagrams on their way, the oldest first. */
  flying: Flight[] = []

  constructor(options: LinkOptions = {}) {
    const environment = { unixTime: () => 1_700_000_000_000 + this.now }
    this.a = makeSide('a', 1, { environment, ...options.a })
    this.b = makeSide('b', 2, { environment, ...options.b })
    this.a.core.setPeer({ ...peerOptions(this.b), endpoint: this.b.endpoint, ...options.peerOfA }, this.now)
    this.b.core.setPeer({ ...peerOptions(this.a), ...options.peerOfB }, this.now)
  }

  other(side: Side): Side {
    return side === this.a ? this.b : this.a
  }

  /** Sends a packet from one inner address to the other. */
  send(side: Side, packet: Uint8Array): void {
    this.take(side, side.core.consumePacket(packet, 0, packet.length, this.now))
  }

  /** Delivers the flight at `index`, or the oldest. */
  deliver(index = 0): void {
    const [flight] = this.flying.splice(index, 1)
    if (flight !== undefined) this.inject(flight)
  }

  /** Hands a datagram to whoever it is for, whether or not it is in flight. */
  inject({ bytes, from, source }: Flight): void {
    const to = this.other(from)
    this.take(to, to.core.consumeDatagram(bytes, 0, bytes.length, source, this.now))
  }

  /** Delivers everything, and what follows from it. */
  settle(): void {
    while (this.flying.length > 0) this.deliver()
  }

  /** Lets time pass in steps as short as the next deadline; what is sent stays in flight. */
  pass(duration: number, onStep: () => void = () => {}): void {
    const end = this.now + duration
    for (;;) {
      const next = Math.min(this.a.core.nextDeadline, this.b.core.nextDeadline)
      this.now = Math.max(this.now, Math.min(next, end))
      for (const side of [this.a, this.b]) this.take(side, side.core.advance(this.now))
      onStep()
      if (this.now >= end) return
    }
  }

  take(side: Side, actions: readonly CoreAction[]): void {
    for (const action of actions) {
      if (action.kind === 'send') this.flying.push({ from: side, bytes: action.bytes, source: side.endpoint })
      else if (action.kind === 'deliver') side.delivered.push(action.bytes)
      else side.events.push(action)
    }
  }

  [Symbol.dispose](): void {
    this.a.core[Symbol.dispose]()
    this.b.core[Symbol.dispose]()
  }
}

function makeSide(name: 'a' | 'b', number: number, options: Partial<CoreOptions>): Side {
  return {
    name,
    core: createWireGuardCore({ privateKey: keyOf(number), ...options }),
    address: `10.0.0.${number}`,
    endpoint: Endpoint.from(`192.0.2.${number}`, 51_820),
    delivered: [],
    events: [],
  }
}

function peerOptions(side: Side): PeerOptions {
  const host = side.address.split('.').at(-1)
  return {
    publicKey: side.core.publicKey,
    allowedIps: [prefix(`${side.address}/32`), prefix(`fd00::${host}/128`)],
  }
}

import { PacketRing, watchFd } from '@vpnext/native'
import type { FdWatch, LinkPacket } from '@vpnext/native'

import { otherPacket, summarizeIp } from './ip-packet.ts'
import type { PacketSummary } from './ip-packet.ts'
import type { Namespace } from './namespace.ts'

/** A packet as a link carried it. */
export interface CapturedPacket extends PacketSummary {
  /** `out`: the link's own host sent it. */
  readonly direction: 'in' | 'out'
}

/** The fields a packet must have, or a question to ask of it. */
export type PacketFilter = Partial<CapturedPacket> | ((packet: CapturedPacket) => boolean)

/** Packets that may wait while the event loop is busy elsewhere: 16 MiB of memory. */
const capacity = 65536
/** Packets taken in one go while nobody looks, so that the event loop stays fair. */
const batch = 4096
const defaultTimeoutMs = 10_000

/**
 * Every packet a link carries, from the moment `capture` returns. Nothing is lost unnoticed: whoever looks gets all
 * packets up to now, and a packet for which the buffer had no room makes the next look throw.
 */
export class Capture implements Disposable {
  /** How often the link went down meanwhile; it carries nothing then. */
  downs = 0
  readonly #packets: CapturedPacket[] = []
  readonly #ring: PacketRing
  readonly #watch: FdWatch
  readonly #waiting = new Set<() => void>()
  #lost = 0

  /** @throws Error when the namespace has no such link */
  constructor(namespace: Namespace, interfaceName: string) {
    const index = namespace.linkIndex(interfaceName)
    this.#ring = namespace.run(() => PacketRing.open(index, capacity))
    this.#watch = watchFd(this.#ring.fd, { readable: true }, () => this.#drain(batch))
  }

  /** All packets so far, oldest first. @throws Error when one was lost */
  get packets(): readonly CapturedPacket[] {
    if (!this.#ring.fd.closed) this.#drain(capacity)
    if (this.#lost > 0) throw new Error(`the capture lost ${this.#lost} packets`)
    return this.#packets
  }

  /** How many packets so far match. @throws Error when one was lost */
  count(filter: PacketFilter = {}): number {
    return this.packets.filter(matcher(filter)).length
  }

  /**
   * The first packet that matches, those of the past included.
   *
   * @param options.timeoutMs 10,000 when absent
   * @throws Error on time-out, listing what was seen instead; the signal's reason when it aborts
   */
  async waitFor(
    filter: PacketFilter,
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
  ): Promise<CapturedPacket> {
    const matches = matcher(filter)
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
    // Not AbortSignal.timeout: node 20 forgets one that only AbortSignal.any refers to.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), timeoutMs)
    const end = AbortSignal.any([late.signal, ...(options.signal ? [options.signal] : [])])
    try {
      for (;;) {
        const found = this.packets.find(matches)
        if (found !== undefined) return found
        options.signal?.throwIfAborted()
        if (end.aborted || this.#ring.fd.closed)
          throw new Error(`no such packet within ${timeoutMs} ms; seen:\n${this.describe()}`)
        await this.#nextPacket(end)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  /** One line per packet, for messages. */
  describe(): string {
    return this.packets.map(describePacket).join('\n')
  }

  /** Takes what is left and stops. @throws Error when a packet was lost */
  stop(): void {
    if (this.#ring.fd.closed) return
    this.#drain(capacity)
    this.#watch[Symbol.dispose]()
    this.#ring[Symbol.dispose]()
    for (const wake of this.#waiting) wake()
    if (this.#lost > 0) throw new Error(`the capture lost ${this.#lost} packets`)
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  /** Takes at most `limit` packets. */
  #drain(limit: number): void {
    const taken = this.#ring.take(limit, (packet) => this.#packets.push(summarizeLinkPacket(packet)))
    this.#lost += this.#ring.statistics().lost
    if (this.#ring.wentDown()) this.downs++
    if (taken > 0) for (const wake of this.#waiting) wake()
  }

  #nextPacket(end: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake)
        end.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      end.addEventListener('abort', wake)
    })
  }
}

/** Starts a capture on a link of a namespace. It needs CAP_NET_RAW and CAP_NET_ADMIN there. */
export function capture(namespace: Namespace, interfaceName: string): Capture {
  return new Capture(namespace, interfaceName)
}

function summarizeLinkPacket({ outgoing, etherType, start, length }: LinkPacket): CapturedPacket {
  return { direction: outgoing ? 'out' : 'in', ...summarize(etherType, start, length) }
}

function summarize(etherType: number, bytes: Uint8Array, length: number): PacketSummary {
  switch (etherType) {
    case 0x0800:
    case 0x86dd:
      return summarizeIp(bytes, length)
    case 0x0806:
      return otherPacket('arp', length)
    default:
      return otherPacket(`ether-0x${etherType.toString(16).padStart(4, '0')}`, length)
  }
}

function matcher(filter: PacketFilter): (packet: CapturedPacket) => boolean {
  if (typeof filter === 'function') return filter
  const wanted = Object.entries(filter)
  return (packet) => wanted.every(([field, value]) => Reflect.get(packet, field) === value)
}

function describePacket(packet: CapturedPacket): string {
  const { direction, protocol, length } = packet
  if (packet.family === 'other') return `${direction} ${protocol} ${length}`
  const source = `${packet.source} ${packet.sourcePort}`
  return `${direction} ${protocol} ${source} > ${packet.destination} ${packet.destinationPort} length ${length}`
}

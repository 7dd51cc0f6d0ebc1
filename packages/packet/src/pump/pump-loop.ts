import { performance } from 'node:perf_hooks'

import type { Room } from '../packet-batch.ts'
import type { DatagramSender } from '../udp/datagram-sender.ts'
import type { DatagramSource } from '../udp/datagram-source.ts'
import type { TunSource } from '../tun/tun-source.ts'
import type { TunWriter } from '../tun/tun-writer.ts'
import type { PollSet } from './poll-set.ts'
import type { PumpControl } from './pump-control.ts'
import type { Transform } from './transform.ts'

/** The longest sleep for a timer, because poll(2) takes an int. */
const longestSleep = 2 ** 31 - 1

export interface PumpParts {
  readonly tunSource: TunSource
  readonly tunWriter: TunWriter
  /** One of each for each socket. */
  readonly udpSources: readonly DatagramSource[]
  readonly udpSenders: readonly DatagramSender[]
  readonly poll: PollSet
  readonly control: PumpControl
  /** The next message of the main thread, if there is one. */
  readonly receive: () => { readonly message: unknown } | undefined
}

/**
 * The pump: both directions in turns, to completion, until neither has anything; then it sleeps in poll(2). One thread
 * and no hand-over, because waking another thread costs more than a batch of packets.
 */
export class PumpLoop {
  /** When this round began, by performance.now(). */
  now: number = performance.now()
  readonly #parts: PumpParts
  #wakeAt = Number.POSITIVE_INFINITY

  constructor(parts: PumpParts) {
    this.#parts = parts
    // The flow into the sockets is the one that can be full; a TUN takes everything.
    parts.tunSource.room = roomInAll(parts.udpSenders)
  }

  /** Has `onTimer` called at `time`. */
  wakeAt(time: number): void {
    this.#wakeAt = time
  }

  /** Runs until a stop is requested. @throws what the transform throws; SystemError EBADFD when the device is gone */
  run(transform: Transform): void {
    const { control, poll, udpSenders } = this.#parts
    while (!control.stopRequested) {
      this.now = performance.now()
      if (control.takeMessages()) this.#deliverMessages(transform)
      if (this.now >= this.#wakeAt) this.#timer(transform)
      const fromUdp = this.#fromUdp(transform)
      const fromTun = this.#fromTun(transform)
      if (!fromUdp && !fromTun) poll.wait(udpSenders, this.#timeout())
    }
  }

  #fromUdp(transform: Transform): boolean {
    const { udpSources } = this.#parts
    let busy = false
    for (let index = 0; index < udpSources.length; index++) {
      const source = udpSources[index]
      if (source?.begin() !== true) continue
      transform.fromUdp(source, index)
      source.end()
      this.#flush()
      busy = true
    }
    return busy
  }

  #fromTun(transform: Transform): boolean {
    const { tunSource, udpSenders } = this.#parts
    for (const sender of udpSenders) if (sender.waiting && sender.flush() === 'again') return false
    if (!tunSource.begin()) return false
    transform.fromTun(tunSource)
    tunSource.end()
    return this.#flush()
  }

  #deliverMessages(transform: Transform): void {
    for (let next = this.#parts.receive(); next !== undefined; next = this.#parts.receive()) {
      transform.onMessage?.(next.message)
    }
    this.#flush()
  }

  #timer(transform: Transform): void {
    this.#wakeAt = Number.POSITIVE_INFINITY
    transform.onTimer?.()
    this.#flush()
  }

  /** @returns false when something is left */
  #flush(): boolean {
    const { tunWriter, udpSenders } = this.#parts
    tunWriter.flush()
    let done = true
    for (const sender of udpSenders) if (sender.flush() === 'again') done = false
    return done
  }

  #timeout(): number {
    if (this.#wakeAt === Number.POSITIVE_INFINITY) return -1
    return Math.min(Math.max(Math.ceil(this.#wakeAt - performance.now()), 0), longestSleep)
  }
}

function roomInAll(senders: readonly DatagramSender[]): Room | undefined {
  const [only] = senders
  if (senders.length === 1) return only
  return { hasRoom: () => senders.every((sender) => sender.hasRoom()) }
}

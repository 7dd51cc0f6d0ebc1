import { performance } from 'node:perf_hooks'

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
  readonly udpSource: DatagramSource
  readonly udpSender: DatagramSender
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
    // The flow into the socket is the one that can be full; a TUN takes everything.
    parts.tunSource.room = parts.udpSender
  }

  /** Has `onTimer` called at `time`. */
  wakeAt(time: number): void {
    this.#wakeAt = time
  }

  /** Runs until a stop is requested. @throws what the transform throws; SystemError EBADFD when the device is gone */
  run(transform: Transform): void {
    const { control, poll, udpSender } = this.#parts
    while (!control.stopRequested) {
      this.now = performance.now()
      if (control.takeMessages()) this.#deliverMessages(transform)
      if (this.now >= this.#wakeAt) this.#timer(transform)
      const fromUdp = this.#fromUdp(transform)
      const fromTun = this.#fromTun(transform)
      if (!fromUdp && !fromTun) poll.wait(udpSender.waiting, this.#timeout())
    }
  }

  #fromUdp(transform: Transform): boolean {
    const { udpSource, udpSender, tunWriter } = this.#parts
    if (!udpSource.begin()) return false
    transform.fromUdp(udpSource)
    udpSource.end()
    tunWriter.flush()
    udpSender.flush()
    return true
  }

  #fromTun(transform: Transform): boolean {
    const { tunSource, udpSender, tunWriter } = this.#parts
    if (udpSender.waiting && udpSender.flush() === 'again') return false
    if (!tunSource.begin()) return false
    transform.fromTun(tunSource)
    tunSource.end()
    tunWriter.flush()
    return udpSender.flush() === 'done'
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

  #flush(): void {
    this.#parts.tunWriter.flush()
    this.#parts.udpSender.flush()
  }

  #timeout(): number {
    if (this.#wakeAt === Number.POSITIVE_INFINITY) return -1
    return Math.min(Math.max(Math.ceil(this.#wakeAt - performance.now()), 0), longestSleep)
  }
}

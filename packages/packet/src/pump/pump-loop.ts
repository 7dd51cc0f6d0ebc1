import { yieldProcessor } from '@vpnext/native'

import type { BootClock } from '../boot-clock.ts'
import type { Room } from '../packet-batch.ts'
import type { DatagramSender } from '../udp/datagram-sender.ts'
import type { DatagramSource } from '../udp/datagram-source.ts'
import type { TunSource } from '../tun/tun-source.ts'
import type { TunWriter } from '../tun/tun-writer.ts'
import { AnswerWatch, silenceMs } from './answer-watch.ts'
import type { PollSet } from './poll-set.ts'
import type { PumpControl } from './pump-control.ts'
import type { Transform } from './transform.ts'

/** Full batches of one socket before the other direction has its turn: 256 messages, as many as go out in one. */
const batchesInARow = 4

export interface PumpParts {
  readonly tunSource: TunSource
  readonly tunWriter: TunWriter
  /** One of each for each socket. */
  readonly udpSources: readonly DatagramSource[]
  readonly udpSenders: readonly DatagramSender[]
  readonly poll: PollSet
  readonly control: PumpControl
  readonly clock: BootClock
  /** The next message of the main thread, if there is one. */
  readonly receive: () => { readonly message: unknown } | undefined
}

/**
 * The pump: both directions in turns, to completion, until neither has anything; then it sleeps in poll(2). One thread
 * and no hand-over, because waking another thread costs more than a batch of packets.
 */
export class PumpLoop {
  /** When this round began, by the clock. */
  now: number
  readonly #parts: PumpParts
  readonly #watch = new AnswerWatch()
  #wakeAt = Number.POSITIVE_INFINITY
  /** When there was last something in the TUN device. */
  #tunAt = Number.NEGATIVE_INFINITY

  constructor(parts: PumpParts) {
    this.#parts = parts
    this.now = parts.clock.now
    // The flow into the sockets is the one that can be full; a TUN takes everything.
    parts.tunSource.room = roomInAll(parts.udpSenders)
  }

  /** Has `onTimer` called at `time`. */
  wakeAt(time: number): void {
    this.#wakeAt = time
  }

  /** Runs until a stop is requested. @throws what the transform throws; SystemError EBADFD when the device is gone */
  run(transform: Transform): void {
    const { control, poll } = this.#parts
    let left = false
    // Whoever wants something of the pump says so first and wakes it then.
    while (!poll.woken || !control.stopRequested) left = this.#round(transform, left)
  }

  /**
   * A method of its own, because it is called anew each time: V8 gives a function that has lost its fast code a new one when
   * it is called again, and the loop around it is called once.
   *
   * @returns whether there may be more to do at once
   */
  #round(transform: Transform, unfinished: boolean): boolean {
    const { clock, control, poll, udpSenders } = this.#parts
    // One look at all descriptors costs less than finding each of them empty.
    if (unfinished) poll.look(udpSenders)
    else if (!this.#watch.begin(this.now) || !this.#lookOut()) this.#sleep()
    this.now = clock.now
    if (poll.woken && control.takeMessages()) this.#deliverMessages(transform)
    if (this.now >= this.#wakeAt) this.#timer(transform)
    const sent = poll.tunReady
    const more = this.#fromUdp(transform)
    const left = this.#fromTun(transform) || more
    this.#watch.ended(this.now, sent)
    return left
  }

  #sleep(): void {
    const { poll, udpSenders } = this.#parts
    poll.alarm.set(this.#wakeAt, this.now)
    poll.sleep(udpSenders)
  }

  /**
   * Looks for an answer instead of sleeping. Whoever is to give it may have been put on the same processor: each look lets others
   * go first.
   *
   * @returns whether there is something to do
   */
  #lookOut(): boolean {
    const { clock, poll, udpSenders } = this.#parts
    for (;;) {
      yieldProcessor()
      if (poll.look(udpSenders)) {
        this.#watch.answered()
        return true
      }
      this.now = clock.now
      if (this.now >= this.#wakeAt || this.#watch.passed(this.now)) return false
    }
  }

  /** @returns whether there may be more */
  #fromUdp(transform: Transform): boolean {
    const { poll, udpSources } = this.#parts
    let left = false
    for (let index = 0; index < udpSources.length; index++) {
      const source = udpSources[index]
      if (source === undefined || (source.drained && !poll.socketReady(index))) continue
      this.#take(transform, source, index)
      left ||= !source.drained
    }
    return left
  }

  /** Batches that are full follow each other at once, so that what is joined for the TUN device goes on growing. */
  #take(transform: Transform, source: DatagramSource, index: number): void {
    for (let batches = 0; batches < batchesInARow && source.begin(); batches++) {
      transform.fromUdp(source, index)
      source.end()
      if (source.drained) break
    }
    this.#flush()
  }

  /** @returns whether there may be more; false while there is no room for it */
  #fromTun(transform: Transform): boolean {
    const { poll, tunSource, udpSenders } = this.#parts
    for (const sender of udpSenders) if (sender.waiting && sender.flush() === 'again') return false
    if (tunSource.drained && !poll.tunReady) return false
    // To look for a second packet costs as much as to send the first, whose code has left the caches.
    const alone = this.now - this.#tunAt >= silenceMs
    this.#tunAt = this.now
    if (!tunSource.begin(alone)) return false
    transform.fromTun(tunSource)
    tunSource.end()
    return this.#flush() && !tunSource.drained
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
}

function roomInAll(senders: readonly DatagramSender[]): Room | undefined {
  const [first, second] = senders
  if (senders.length === 1) return first
  // Asked before each packet.
  if (first !== undefined && second !== undefined && senders.length === 2)
    return { hasRoom: () => first.hasRoom() && second.hasRoom() }
  return { hasRoom: () => senders.every((sender) => sender.hasRoom()) }
}

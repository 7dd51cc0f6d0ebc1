import type { Timed, TimerQueue } from './timer-queue.ts'
import type { Timings } from './timings.ts'

/** The timers of one peer, in the order in which those of the same moment go off. */
export const Timer = {
  zeroKeys: 0,
  retransmitHandshake: 1,
  newHandshake: 2,
  sendKeepalive: 3,
  persistentKeepalive: 4,
  retiredSessions: 5,
} as const
export type Timer = (typeof Timer)[keyof typeof Timer]

const allTimers: readonly Timer[] = Object.values(Timer)
const never = Number.POSITIVE_INFINITY

/**
 * When what is to happen to a peer (section 6). No clock: callers say what happened and what time it is.
 *
 * Packets move deadlines all the time, mostly to later. Such a move is one store; the queue wakes the peer at the old
 * time, finds nothing due and is told the new one.
 */
export class PeerTimers<Owner = unknown> implements Timed {
  readonly owner: Owner
  wakeAt: number = never
  position = -1
  /** Time between persistent keepalives, ms; 0 for none. Not in the paper: it keeps the mappings of NATs alive. */
  persistentInterval = 0
  // A typed array, because numbers of this size in object fields cost garbage.
  readonly #deadlines: Float64Array = new Float64Array(allTimers.length).fill(never)
  readonly #queue: TimerQueue<PeerTimers<Owner>>
  readonly #timings: Timings
  readonly #jitter: () => number

  /** @param jitter gives a random part of `timings.rekeyJitter`, ms */
  constructor(owner: Owner, queue: TimerQueue<PeerTimers<Owner>>, timings: Timings, jitter: () => number) {
    this.owner = owner
    this.#queue = queue
    this.#timings = timings
    this.#jitter = jitter
  }

  isArmed(timer: Timer): boolean {
    return this.#deadline(timer) !== never
  }

  arm(timer: Timer, at: number): void {
    this.#deadlines[timer] = at
    if (at < this.wakeAt) this.#queue.schedule(this, at)
  }

  cancel(timer: Timer): void {
    this.#deadlines[timer] = never
  }

  cancelAll(): void {
    this.#deadlines.fill(never)
    this.reschedule()
  }

  /** Takes out the timers that are due; afterwards {@link reschedule} has to be called. */
  takeDue(now: number): Timer[] {
    const due = allTimers.filter((timer) => this.#deadline(timer) <= now)
    for (const timer of due) this.cancel(timer)
    return due
  }

  /** Tells the queue about the earliest deadline. */
  reschedule(): void {
    this.#queue.schedule(this, Math.min(...this.#deadlines))
  }

  /** A packet with data went out: something has to come back, or the session is dead (section 6.5). */
  dataSent(now: number): void {
    if (this.isArmed(Timer.newHandshake)) return
    const { keepaliveTimeout, rekeyTimeout } = this.#timings
    this.arm(Timer.newHandshake, now + keepaliveTimeout + rekeyTimeout + this.#jitter())
  }

  /** A packet with data came in: if nothing goes out soon, an empty packet says that it arrived (section 6.5). */
  dataReceived(now: number): void {
    if (!this.isArmed(Timer.sendKeepalive))
      this.arm(Timer.sendKeepalive, now + this.#timings.keepaliveTimeout)
  }

  /** Any message went out that only we can have made. */
  authenticatedSent(now: number): void {
    this.cancel(Timer.sendKeepalive)
    this.#traversed(now)
  }

  /** Any message came in that proved authentic. */
  authenticatedReceived(now: number): void {
    this.cancel(Timer.newHandshake)
    this.#traversed(now)
  }

  /** An initiation went out (section 6.4). */
  handshakeInitiated(now: number): void {
    this.arm(Timer.retransmitHandshake, now + this.#timings.rekeyTimeout + this.#jitter())
  }

  /** An initiation has to wait, because a handshake message went out at `sentAt`. */
  handshakeWanted(sentAt: number): void {
    if (!this.isArmed(Timer.retransmitHandshake)) this.handshakeInitiated(sentAt)
  }

  /** Both ends have the session. */
  handshakeComplete(): void {
    this.cancel(Timer.retransmitHandshake)
  }

  /** New keys came about: they, and all before them, are wiped unless newer ones follow (section 6.3). */
  sessionDerived(now: number): void {
    this.arm(Timer.zeroKeys, now + this.#timings.zeroKeysAfter)
  }

  #traversed(now: number): void {
    if (this.persistentInterval > 0) this.arm(Timer.persistentKeepalive, now + this.persistentInterval)
  }

  #deadline(timer: Timer): number {
    return this.#deadlines[timer] ?? never
  }
}

import { COOKIES_PER_SECOND, UNDER_LOAD_MESSAGES, UNDER_LOAD_TIME } from '../constants.ts'

/** The time over which messages are counted, ms. */
const WINDOW = 1_000

/** Tells when handshakes take too much of the processor, so that cookies are asked for (section 5.3). */
export class LoadMonitor {
  readonly #limit: number
  #windowStart = Number.NEGATIVE_INFINITY
  #count = 0
  /** Given out in this window, to strangers and to places of peers. */
  #forStrangers = 0
  #forPeers = 0
  #until = Number.NEGATIVE_INFINITY

  /** @param limit messages in a second from which on it is too much */
  constructor(limit: number = UNDER_LOAD_MESSAGES) {
    this.#limit = limit
  }

  /** Counts a handshake message with a right mac1. @param now ms */
  count(now: number): void {
    if (now - this.#windowStart >= WINDOW) {
      this.#windowStart = now
      this.#count = 0
      this.#forStrangers = 0
      this.#forPeers = 0
    }
    this.#count += 1
    if (this.#count >= this.#limit) this.force(now)
  }

  /**
   * Whether one more cookie may be given out, in the second of the message counted last. Strangers cannot use up those that are
   * kept for the places of peers, whose sessions would end in a flood.
   *
   * @param isPeers asked only when there is none left for strangers
   */
  allowCookie(isPeers: () => boolean): boolean {
    if (this.#forStrangers < COOKIES_PER_SECOND) {
      this.#forStrangers += 1
      return true
    }
    if (this.#forPeers >= COOKIES_PER_SECOND || !isPeers()) return false
    this.#forPeers += 1
    return true
  }

  /** For whoever sees the load elsewhere, in a queue that grows: under load from now on, for a second. */
  force(now: number): void {
    this.#until = now + UNDER_LOAD_TIME
  }

  /** @param now ms */
  isUnderLoad(now: number): boolean {
    return now < this.#until
  }
}

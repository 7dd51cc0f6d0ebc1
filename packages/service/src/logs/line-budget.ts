/** Lines a host may write at once, and each second after that. */
const burst = 5_000
const perSecond = 1_000

/** Keeps one host from drowning the log and the service: what is too much is dropped, and how much is told. */
export class LineBudget {
  readonly #now: () => number
  #left = burst
  #at: number
  #dropped = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#at = now()
  }

  /**
   * Asks to write a line.
   *
   * @returns `dropped`, or how many were dropped since the last one that was written
   */
  take(): number | 'dropped' {
    const now = this.#now()
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    if (this.#left < 1) {
      this.#dropped += 1
      return 'dropped'
    }
    this.#left -= 1
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }
}

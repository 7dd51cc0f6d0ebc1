/** How many lines somebody may write at once, and each second after that. */
export interface LineRate {
  readonly burst: number
  readonly perSecond: number
}

const rateOfHost: LineRate = { burst: 5_000, perSecond: 1_000 }

/** Keeps one host, or whoever else may write, from drowning the log and the service: what is too much is dropped, and how much is told. */
export class LineBudget {
  readonly #rate: LineRate
  readonly #now: () => number
  #left: number
  #at: number
  #dropped = 0

  /** @param now monotonic milliseconds */
  constructor(rate: LineRate = rateOfHost, now: () => number = () => performance.now()) {
    this.#rate = rate
    this.#left = rate.burst
    this.#now = now
    this.#at = now()
  }

  /**
   * Asks to write a line.
   *
   * @returns `dropped`, or how many were dropped since the last one that was written
   */
  take(): number | 'dropped' {
    const { burst, perSecond } = this.#rate
    const now = this.#now()
    this.#left = Math.min(burst, this.#left + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    // Whoever goes on writing has room for a tenth of a second's lines first: what is missing is told once for all of them.
    const needed = this.#dropped === 0 ? 1 : Math.max(1, perSecond / 10)
    if (this.#left < needed) {
      this.#dropped += 1
      return 'dropped'
    }
    this.#left -= 1
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }
}

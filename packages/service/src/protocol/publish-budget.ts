/** Events a host may publish within one interval, as on the device. */
const most = 20
/** In ms. */
const interval = 5
/** How long the service may not have read what a host published at the permitted rate, in ms. */
const longestDelay = 1000

/** Keeps one host from flooding the others with events: the host itself counts with one, and the service with another. */
export class PublishBudget {
  readonly #now: () => number
  #since = Number.NEGATIVE_INFINITY
  #count = 0
  #longSince = Number.NEGATIVE_INFINITY
  #longCount = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether one more is allowed now. */
  take(): boolean {
    this.#add()
    return this.#count <= most
  }

  /**
   * Whether one more is allowed of those that the host has counted itself. Several may have waited together for the service to read
   * them, so only the rate of a longer time tells anything.
   */
  takeCounted(): boolean {
    this.#add()
    return this.#longCount <= (most * longestDelay) / interval
  }

  #add(): void {
    const now = this.#now()
    if (now - this.#since >= interval) {
      this.#since = now
      this.#count = 0
    }
    if (now - this.#longSince >= longestDelay) {
      this.#longSince = now
      this.#longCount = 0
    }
    this.#count += 1
    this.#longCount += 1
  }
}

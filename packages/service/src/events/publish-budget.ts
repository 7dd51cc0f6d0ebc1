/** Events a host may publish within one interval, as on the device. */
const most = 20
/** In ms. */
const interval = 5

/** Keeps one host from flooding the others with events. */
export class PublishBudget {
  readonly #now: () => number
  #since = Number.NEGATIVE_INFINITY
  #count = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether one more is allowed now. */
  take(): boolean {
    const now = this.#now()
    if (now - this.#since >= interval) {
      this.#since = now
      this.#count = 0
    }
    this.#count += 1
    return this.#count <= most
  }
}

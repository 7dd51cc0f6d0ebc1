/** How often the first delay is doubled at most: from half a second to about a minute. */
const maxDoublings = 7

/** Restarts with a delay that doubles each time, and starts over once something has lasted longer than the longest. */
export class Backoff {
  readonly #firstMs: number
  readonly #failures = new Map<string, number>()
  readonly #waiting = new Map<string, NodeJS.Timeout>()
  #open = true

  /** @param firstMs delay of the first restart, in ms */
  constructor(firstMs: number) {
    this.#firstMs = firstMs
  }

  /** False once it is closed. */
  get isOpen(): boolean {
    return this.#open
  }

  /**
   * Calls `restart` after the delay of `key`; one that waits for the same key already is replaced.
   *
   * @param lastedMs how long what ended had lasted
   */
  schedule(key: string, lastedMs: number, restart: () => void): void {
    if (!this.#open) return
    clearTimeout(this.#waiting.get(key))
    const failures = lastedMs > this.#firstMs * 2 ** maxDoublings ? 0 : (this.#failures.get(key) ?? 0)
    this.#failures.set(key, Math.min(failures + 1, maxDoublings))
    const timer = setTimeout(
      () => {
        this.#waiting.delete(key)
        restart()
      },
      this.#firstMs * 2 ** failures,
    )
    this.#waiting.set(key, timer)
  }

  /** Forgets keys: nothing is restarted, and the next delay is the first again. */
  cancel(isOver: (key: string) => boolean): void {
    for (const [key, timer] of this.#waiting) {
      if (!isOver(key)) continue
      clearTimeout(timer)
      this.#waiting.delete(key)
    }
    for (const key of this.#failures.keys()) if (isOver(key)) this.#failures.delete(key)
  }

  /** Forgets everything; nothing is scheduled any more. */
  close(): void {
    this.#open = false
    this.cancel(() => true)
  }
}

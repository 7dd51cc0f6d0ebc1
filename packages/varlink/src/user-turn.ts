/** How long the connections of one user may read in one turn of the event loop, in ms. */
const readingMs = 5

/**
 * What the connections of one user may do in one turn of the event loop. However many they are, and however much they send, the
 * others wait for one read and one call of theirs at most.
 */
export class UserTurn {
  #left = readingMs
  #hasCall = false
  readonly #waiting: (() => void)[] = []
  #hasBegun = false

  /** Whether there is time left in this turn. */
  get mayRead(): boolean {
    return this.#left > 0
  }

  /** Runs what reads, and counts its time. */
  read(action: () => void): void {
    const begin = performance.now()
    try {
      action()
    } finally {
      this.#left -= performance.now() - begin
      this.#endLater()
    }
  }

  /**
   * Asks to begin a call: one in each turn, in the order of asking.
   *
   * @returns undefined: at once
   */
  call(): Promise<void> | undefined {
    this.#endLater()
    if (this.#hasCall) return new Promise((resolve) => this.#waiting.push(resolve))
    this.#hasCall = true
    return undefined
  }

  #endLater(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    setImmediate(() => {
      this.#hasBegun = false
      this.#left = readingMs
      const next = this.#waiting.shift()
      this.#hasCall = next !== undefined
      if (next === undefined) return
      this.#endLater()
      next()
    })
  }
}

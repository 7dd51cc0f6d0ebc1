/**
 * What staying awake for something has come to, and so whether to do it again. Where it is in vain it costs others the processor, or this
 * one a wait for nothing: after every attempt in vain twice as many occasions are let pass before the next.
 */
export class AwakeRecord {
  readonly #mostPassed: number
  #inVain = 0
  #toPass = 0

  /** @param mostPassed occasions that are let pass at the most */
  constructor(mostPassed: number) {
    this.#mostPassed = mostPassed
  }

  /** Whether to stay awake on this occasion; {@link rewarded} or {@link failed} is to tell what came of it. */
  attempt(): boolean {
    if (this.#toPass === 0) return true
    this.#toPass -= 1
    return false
  }

  rewarded(): void {
    this.#inVain = 0
  }

  failed(): void {
    this.#inVain += 1
    this.#toPass = Math.min(2 ** this.#inVain - 1, this.#mostPassed)
  }
}

import { REPLAY_BITS } from '../constants.ts'

const WORD = 32
const WORDS = REPLAY_BITS / WORD

/**
 * How far behind the newest counter another may be: all bits but those of one word, which is being refilled while the
 * window moves (RFC 6479 section 2).
 */
export const REPLAY_REACH: number = REPLAY_BITS - WORD

/** Which counters of a session have arrived (RFC 6479): a ring of bits, moved a word at a time and never shifted. */
export class ReplayWindow {
  readonly #ring = new Int32Array(WORDS)
  #newest = 0

  /**
   * Notes a counter. To be called for packets that proved authentic, because it moves the window.
   *
   * @param counter 0 to 2^53 − 1
   * @returns false when it came before, or is more than {@link REPLAY_REACH} behind the newest
   */
  accept(counter: number): boolean {
    const word = Math.floor(counter / WORD)
    if (counter > this.#newest) {
      const newestWord = Math.floor(this.#newest / WORD)
      const fresh = Math.min(word - newestWord, WORDS)
      for (let index = 1; index <= fresh; index += 1) this.#ring[(newestWord + index) & (WORDS - 1)] = 0
      this.#newest = counter
    } else if (this.#newest - counter > REPLAY_REACH) {
      return false
    }
    const slot = word & (WORDS - 1)
    const bit = 1 << (counter & (WORD - 1))
    const bits = this.#ring[slot] ?? 0
    this.#ring[slot] = bits | bit
    return (bits & bit) === 0
  }
}

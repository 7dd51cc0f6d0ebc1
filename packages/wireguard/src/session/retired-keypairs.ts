import { RETIRED_SESSIONS } from '../constants.ts'
import type { Keypair } from './keypair.ts'

interface Retired<Owner> {
  readonly keypair: Keypair<Owner>
  /** When it is discarded, ms. */
  readonly until: number
}

/**
 * Sessions of one peer that newer ones have replaced. They only receive, for as long as packets of theirs may be on the
 * way: the peer learns of a newer session later than we do, and until then sends with one of these. The newest
 * {@link RETIRED_SESSIONS} are kept.
 */
export class RetiredKeypairs<Owner> {
  #retired: readonly Retired<Owner>[] = []
  readonly #discard: (keypair: Keypair<Owner>) => void

  /** @param discard is given every session whose time is over */
  constructor(discard: (keypair: Keypair<Owner>) => void) {
    this.#discard = discard
  }

  get size(): number {
    return this.#retired.length
  }

  /** When the first one is to be discarded, ms; infinity when there is none. */
  get nextAt(): number {
    return Math.min(...this.#retired.map(({ until }) => until))
  }

  /** Keeps a session for receiving, until a time; nothing can be sent with it any more. */
  add(keypair: Keypair<Owner>, until: number): void {
    keypair.endSending()
    this.#retired = [...this.#retired, { keypair, until }]
    const excess = this.#retired.slice(0, -RETIRED_SESSIONS)
    if (excess.length > 0) this.#remove((retired) => excess.includes(retired))
  }

  /** Discards those whose time is over. */
  expire(now: number): void {
    this.#remove(({ until }) => until <= now)
  }

  clear(): void {
    this.#remove(() => true)
  }

  #remove(isOver: (retired: Retired<Owner>) => boolean): void {
    const over = this.#retired.filter(isOver)
    this.#retired = this.#retired.filter((retired) => !isOver(retired))
    for (const { keypair } of over) this.#discard(keypair)
  }
}

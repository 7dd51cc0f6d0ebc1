import type { Keypair } from './keypair.ts'

/**
 * The sessions of one peer (section 6.3). `current` is the one to send with; `previous` still opens packets that were on
 * their way; `next` is one that the peer asked for and has not yet used, so that it may never have got our response.
 */
export class Keypairs<Owner> {
  #previous: Keypair<Owner> | undefined
  #current: Keypair<Owner> | undefined
  #next: Keypair<Owner> | undefined
  readonly #retire: (keypair: Keypair<Owner>, now: number) => void
  readonly #discard: (keypair: Keypair<Owner>) => void

  /**
   * @param retire is given every session that a newer one replaces; packets of it may still be on their way
   * @param discard is given every session that is no longer of use
   */
  constructor(
    retire: (keypair: Keypair<Owner>, now: number) => void,
    discard: (keypair: Keypair<Owner>) => void,
  ) {
    this.#retire = retire
    this.#discard = discard
  }

  get previous(): Keypair<Owner> | undefined {
    return this.#previous
  }

  get current(): Keypair<Owner> | undefined {
    return this.#current
  }

  get next(): Keypair<Owner> | undefined {
    return this.#next
  }

  /** A session that we asked for: the peer has its keys, so it is used at once. */
  addAsInitiator(keypair: Keypair<Owner>, now: number): void {
    this.#replace(this.#previous, now)
    if (this.#next === undefined) {
      this.#previous = this.#current
    } else {
      this.#replace(this.#current, now)
      this.#previous = this.#next
    }
    this.#current = keypair
    this.#next = undefined
  }

  /**
   * A session that the peer asked for: it waits until the peer uses it (section 5.4.6: the initiator sends first). Until
   * our response has arrived the peer goes on with the one it has, which is `previous` when both ends asked at once.
   */
  addAsResponder(keypair: Keypair<Owner>, now: number): void {
    this.#replace(this.#next, now)
    this.#next = keypair
  }

  /** The peer used this session. @returns true when it was the next one, and is the current one now */
  confirm(keypair: Keypair<Owner>, now: number): boolean {
    if (keypair !== this.#next) return false
    this.#replace(this.#previous, now)
    this.#previous = this.#current
    this.#current = keypair
    this.#next = undefined
    return true
  }

  /** Discards all sessions. */
  clear(): void {
    for (const keypair of [this.#previous, this.#current, this.#next]) {
      if (keypair !== undefined) this.#discard(keypair)
    }
    this.#previous = undefined
    this.#current = undefined
    this.#next = undefined
  }

  #replace(keypair: Keypair<Owner> | undefined, now: number): void {
    if (keypair !== undefined) this.#retire(keypair, now)
  }
}

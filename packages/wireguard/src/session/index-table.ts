import type { Keypair } from './keypair.ts'

/**
 * The 32-bit indices by which peers address us: random, so that an outsider cannot guess one, and unique. An index first
 * belongs to a handshake and then to the session that comes of it (section 5.4).
 */
export class IndexTable<Owner> {
  readonly #handshakes = new Map<number, Owner>()
  readonly #sessions = new Map<number, Keypair<Owner>>()
  readonly #random: () => number

  /** @param random gives 32 random bits */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Indices in use: at most four a peer. */
  get size(): number {
    return this.#handshakes.size + this.#sessions.size
  }

  /** An index that nobody uses yet. It is not taken until it is added. */
  draw(): number {
    for (;;) {
      const index = this.#random() >>> 0
      if (!this.#handshakes.has(index) && !this.#sessions.has(index)) return index
    }
  }

  addHandshake(index: number, owner: Owner): void {
    this.#handshakes.set(index, owner)
  }

  removeHandshake(index: number): void {
    this.#handshakes.delete(index)
  }

  addSession(keypair: Keypair<Owner>): void {
    this.#sessions.set(keypair.localIndex, keypair)
  }

  removeSession(keypair: Keypair<Owner>): void {
    this.#sessions.delete(keypair.localIndex)
  }

  /** Whose initiation has this index. */
  handshake(index: number): Owner | undefined {
    return this.#handshakes.get(index)
  }

  /** The session that has this index. */
  session(index: number): Keypair<Owner> | undefined {
    return this.#sessions.get(index)
  }
}

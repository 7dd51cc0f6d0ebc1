import type { Keypair } from './keypair.ts'

/**
 * The 32-bit indices by which peers address us: random, so that an outsider cannot guess one, and unique. An index first
 * belongs to a handshake and then to the session that comes of it (section 5.4).
 */
export class IndexTable<Owner> {
  // Keyed by the signed 32 bits, because V8 makes an object of larger numbers, which would be one for each packet.
  readonly #handshakes = new Map<number, Owner>()
  readonly #sessions = new Map<number, Keypair<Owner>>()
  readonly #random: () => number

  /** @param random gives 32 random bits */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Indices in use. For each peer at most one of a handshake, three of sessions in use and those of retired ones. */
  get size(): number {
    return this.#handshakes.size + this.#sessions.size
  }

  /** An index that nobody uses yet. It is not taken until it is added. */
  draw(): number {
    for (;;) {
      const index = this.#random() >>> 0
      if (!this.#handshakes.has(index | 0) && !this.#sessions.has(index | 0)) return index
    }
  }

  addHandshake(index: number, owner: Owner): void {
    this.#handshakes.set(index | 0, owner)
  }

  removeHandshake(index: number): void {
    this.#handshakes.delete(index | 0)
  }

  addSession(keypair: Keypair<Owner>): void {
    this.#sessions.set(keypair.localIndex | 0, keypair)
  }

  removeSession(keypair: Keypair<Owner>): void {
    this.#sessions.delete(keypair.localIndex | 0)
  }

  /** Whose initiation has this index. */
  handshake(index: number): Owner | undefined {
    return this.#handshakes.get(index | 0)
  }

  /** The session that has this index, whether it is given signed or unsigned. */
  session(index: number): Keypair<Owner> | undefined {
    return this.#sessions.get(index | 0)
  }
}

import { encodeKey } from '../keys/key-text.ts'
import type { Peer } from './peer.ts'

/** The peers of an interface by public key. */
export class PeerRegistry {
  readonly #peers = new Map<string, Peer>()

  get size(): number {
    return this.#peers.size
  }

  add(peer: Peer): void {
    this.#peers.set(peer.publicKey, peer)
  }

  /** @param publicKey base64 @returns the peer that was taken out */
  remove(publicKey: string): Peer | undefined {
    const peer = this.#peers.get(publicKey)
    this.#peers.delete(publicKey)
    return peer
  }

  /** @param publicKey base64 */
  get(publicKey: string): Peer | undefined {
    return this.#peers.get(publicKey)
  }

  /** @param publicKey 32 bytes */
  find(publicKey: Uint8Array): Peer | undefined {
    return this.#peers.get(encodeKey(publicKey))
  }

  [Symbol.iterator](): IterableIterator<Peer> {
    return this.#peers.values()
  }
}

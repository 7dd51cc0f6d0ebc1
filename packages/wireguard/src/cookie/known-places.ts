import type { Endpoint } from '@vpnext/packet'
import { endpointToBytes } from '../peers/endpoint.ts'

/** For so long a look at all peers serves, ms. */
const STALE_AFTER = 1_000

/** Where peers are, as of a second ago: tells them from strangers in a flood, at little cost for each message. */
export class KnownPlaces {
  readonly #peers: Iterable<{ readonly endpoint: Endpoint | undefined }>
  #places: ReadonlySet<string> = new Set()
  #seenAt = Number.NEGATIVE_INFINITY

  constructor(peers: Iterable<{ readonly endpoint: Endpoint | undefined }>) {
    this.#peers = peers
  }

  /** @param place address and port as bytes, see `endpointToBytes` @param now ms */
  includes(place: Uint8Array, now: number): boolean {
    if (now - this.#seenAt >= STALE_AFTER) {
      const endpoints = Array.from(this.#peers, ({ endpoint }) => endpoint)
      const known = endpoints.filter((endpoint) => endpoint !== undefined)
      this.#places = new Set(known.map((endpoint) => keyOf(endpointToBytes(endpoint))))
      this.#seenAt = now
    }
    return this.#places.has(keyOf(place))
  }
}

function keyOf({ buffer, byteLength, byteOffset }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
}

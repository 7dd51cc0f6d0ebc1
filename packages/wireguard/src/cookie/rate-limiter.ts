import { RATE_BURST, RATE_PER_SECOND, RATE_SOURCES } from '../constants.ts'
import type { Endpoint } from '@vpnext/packet'
import { sourceKey } from '../peers/endpoint.ts'

/** A source that is not heard of for so long has all its tokens back, so forgetting it changes nothing, ms. */
const FORGET_AFTER = (1000 * RATE_BURST) / RATE_PER_SECOND

interface Bucket {
  tokens: number
  at: number
}

/** How many handshake messages a source may send under load (section 5.3): a token bucket per IPv4 address and per IPv6 /64. */
export class RateLimiter {
  // A Map keeps the order of insertion; a used bucket moves to the end, so the front is the one unused for longest.
  readonly #buckets = new Map<string, Bucket>()

  /** Sources remembered now; at most RATE_SOURCES. */
  get size(): number {
    return this.#buckets.size
  }

  /**
   * Takes one token of `source`.
   *
   * @param now ms
   * @returns false when it has none left, or when too many sources are active to remember another
   */
  allow(source: Endpoint, now: number): boolean {
    const key = sourceKey(source)
    const known = this.#buckets.get(key)
    if (known === undefined) {
      this.#forget(now)
      if (this.#buckets.size >= RATE_SOURCES) return false
      this.#buckets.set(key, { tokens: RATE_BURST - 1, at: now })
      return true
    }
    this.#buckets.delete(key)
    this.#buckets.set(key, known)
    known.tokens = Math.min(RATE_BURST, known.tokens + ((now - known.at) * RATE_PER_SECOND) / 1000)
    known.at = now
    if (known.tokens < 1) return false
    known.tokens -= 1
    return true
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (now - bucket.at < FORGET_AFTER) return
      this.#buckets.delete(key)
    }
  }
}

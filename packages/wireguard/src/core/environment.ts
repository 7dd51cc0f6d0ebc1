import { randomFillSync } from 'node:crypto'
import { X25519PrivateKey } from '../crypto/x25519.ts'
import type { Environment } from './core-context.ts'

/** Randomness and keys from OpenSSL, the time from the system's wall clock. */
export const systemEnvironment: Environment = {
  random: (bytes) => {
    randomFillSync(bytes)
  },
  unixTime: () => Date.now(),
  ephemeral: () => X25519PrivateKey.generate(),
}

/** How many random words are fetched at a time: asking for each costs more than the packet that it is for. */
const words = 256

/** A source of 32 random bits at a time, from an environment. */
export function randomWords({ random }: Environment): () => number {
  const pool = new Uint32Array(words)
  let next = words
  return () => {
    if (next === words) {
      random(new Uint8Array(pool.buffer))
      next = 0
    }
    const word = pool[next] ?? 0
    // No trace of it: an index or a deadline is nobody's business.
    pool[next++] = 0
    return word
  }
}

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

/** 32 random bits of an environment. */
export function randomUint32(environment: Environment): number {
  const word = new Uint32Array(1)
  environment.random(new Uint8Array(word.buffer))
  return word[0] ?? 0
}

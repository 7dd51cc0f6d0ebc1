import { createHash, createHmac } from 'node:crypto'
import { blake2s } from '@noble/hashes/blake2.js'
import { MAC_LENGTH } from '../constants.ts'

/** HASH of section 5.4: BLAKE2s (RFC 7693) without key over the parts one after the other; 32 bytes. */
export function hash(...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash('blake2s256')
  for (const part of parts) state.update(part)
  return state.digest()
}

/** HMAC of section 5.4: RFC 2104 over BLAKE2s; 32 bytes. */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac('blake2s256', key)
  for (const part of parts) state.update(part)
  return state.digest()
}

/**
 * MAC of section 5.4: BLAKE2s with a key. node:crypto has no keyed BLAKE2s and no output of 16 bytes.
 *
 * @param key 1 to 32 bytes
 * @param length bytes of output, 1 to 32
 */
export function mac(key: Uint8Array, data: Uint8Array, length: number = MAC_LENGTH): Uint8Array {
  return blake2s(data, { key, dkLen: length })
}

/**
 * KDF of section 5.4 (HKDF, RFC 5869, over BLAKE2s): `count` keys of 32 bytes from a chaining key and new input.
 *
 * @param count 1 to 3
 */
export function deriveKeys(chainKey: Uint8Array, input: Uint8Array, count: 1 | 2 | 3): Uint8Array[] {
  const secret = hmac(chainKey, input)
  const keys: Uint8Array[] = []
  let previous: Uint8Array = new Uint8Array(0)
  for (let index = 1; index <= count; index += 1) {
    previous = hmac(secret, previous, Uint8Array.of(index))
    keys.push(previous)
  }
  secret.fill(0)
  return keys
}

import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'

/**
 * XAEAD of section 5.4 (draft-irtf-cfrg-xchacha), for cookie replies. node:crypto has no XChaCha20.
 *
 * @param key 32 bytes
 * @param nonce 24 bytes, random
 * @returns the ciphertext followed by its tag of 16 bytes
 */
export function sealExtended(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  additional: Uint8Array,
): Uint8Array {
  return xchacha20poly1305(key, nonce, additional).encrypt(plaintext)
}

/** The reverse of {@link sealExtended}. Returns `undefined` when the tag is wrong. */
export function openExtended(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additional: Uint8Array,
): Uint8Array | undefined {
  try {
    return xchacha20poly1305(key, nonce, additional).decrypt(sealed)
  } catch {
    return undefined
  }
}

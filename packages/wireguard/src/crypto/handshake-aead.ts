import { createCipheriv, createDecipheriv } from 'node:crypto'
import { TAG_LENGTH } from '../constants.ts'

const cipher = 'chacha20-poly1305'
/** Every handshake key seals one message, so its counter is always 0 (section 5.4). */
const zeroNonce = new Uint8Array(12)

/**
 * AEAD of section 5.4 (RFC 8439) with counter 0, for handshake messages.
 *
 * @returns the ciphertext followed by its tag of 16 bytes
 */
export function seal(key: Uint8Array, plaintext: Uint8Array, additional: Uint8Array): Uint8Array {
  const state = createCipheriv(cipher, key, zeroNonce, { authTagLength: TAG_LENGTH })
  state.setAAD(additional, { plaintextLength: plaintext.length })
  const sealed = new Uint8Array(plaintext.length + TAG_LENGTH)
  sealed.set(state.update(plaintext))
  state.final()
  sealed.set(state.getAuthTag(), plaintext.length)
  return sealed
}

/** The reverse of {@link seal}. Returns `undefined` when the tag is wrong. */
export function open(key: Uint8Array, sealed: Uint8Array, additional: Uint8Array): Uint8Array | undefined {
  const length = sealed.length - TAG_LENGTH
  if (length < 0) return undefined
  const state = createDecipheriv(cipher, key, zeroNonce, { authTagLength: TAG_LENGTH })
  state.setAAD(additional, { plaintextLength: length })
  state.setAuthTag(sealed.subarray(length))
  const plaintext = state.update(sealed.subarray(0, length))
  try {
    state.final()
  } catch {
    plaintext.fill(0)
    return undefined
  }
  return plaintext
}

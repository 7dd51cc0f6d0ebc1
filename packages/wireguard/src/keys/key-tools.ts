import { randomFillSync } from 'node:crypto'
import { KEY_LENGTH } from '../constants.ts'
import { X25519PrivateKey } from '../crypto/x25519.ts'
import { encodeKey } from './key-text.ts'
import { SecretKey } from './secret-key.ts'

/** Sets the five fixed bits of an X25519 private key (RFC 7748 section 5), in place. @param bytes 32 bytes */
export function clampKey(bytes: Uint8Array): void {
  if (bytes.length !== KEY_LENGTH) throw new RangeError(`key: ${bytes.length} bytes, not ${KEY_LENGTH}`)
  bytes[0] = (bytes[0] ?? 0) & 248
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64
}

/** What `wg genkey` does: a new private key, clamped. */
export function generatePrivateKey(): SecretKey {
  const bytes = randomFillSync(new Uint8Array(KEY_LENGTH))
  clampKey(bytes)
  return take(bytes)
}

/** What `wg genpsk` does: a new preshared key. */
export function generatePresharedKey(): SecretKey {
  return take(randomFillSync(new Uint8Array(KEY_LENGTH)))
}

/** What `wg pubkey` does: the public key of a private one, in base64. */
export function publicKeyOf(privateKey: SecretKey): string {
  return encodeKey(X25519PrivateKey.fromBytes(privateKey.bytes).publicKey.bytes)
}

function take(bytes: Uint8Array): SecretKey {
  const key = new SecretKey(bytes)
  bytes.fill(0)
  return key
}

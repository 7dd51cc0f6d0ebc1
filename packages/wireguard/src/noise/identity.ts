import { KEY_LENGTH } from '../constants.ts'
import type { X25519PrivateKey, X25519PublicKey } from '../crypto/x25519.ts'

/** Our side of every handshake. */
export interface LocalIdentity {
  readonly privateKey: X25519PrivateKey
}

/** The other side of a handshake, with what never changes between handshakes computed once. */
export interface RemoteIdentity {
  readonly publicKey: X25519PublicKey
  /** DH of both static keys, 32 bytes. */
  readonly staticSecret: Uint8Array
  /** Q of section 5.2, 32 bytes: zeros without a preshared key. */
  readonly presharedKey: Uint8Array
}

/**
 * @param presharedKey 32 bytes, copied
 * @returns `undefined` when the public key is of low order, so that no handshake with it can be secret
 */
export function makeRemoteIdentity(
  local: LocalIdentity,
  publicKey: X25519PublicKey,
  presharedKey: Uint8Array | undefined,
): RemoteIdentity | undefined {
  const staticSecret = local.privateKey.agree(publicKey)
  if (staticSecret === undefined) return undefined
  const shared = new Uint8Array(KEY_LENGTH)
  if (presharedKey !== undefined) shared.set(presharedKey)
  return { publicKey, staticSecret, presharedKey: shared }
}

/** Overwrites the secrets of an identity that is no longer used. */
export function wipeIdentity(remote: RemoteIdentity): void {
  remote.staticSecret.fill(0)
  remote.presharedKey.fill(0)
}

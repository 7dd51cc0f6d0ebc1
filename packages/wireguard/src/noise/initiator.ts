import { type X25519PrivateKey, X25519PublicKey } from '../crypto/x25519.ts'
import { decodeResponse, encodeInitiation } from '../messages/handshake-messages.ts'
import { Initiation } from '../messages/message-layout.ts'
import type { Rejected } from './handshake-state.ts'
import type { LocalIdentity, RemoteIdentity } from './identity.ts'
import { type SessionKeys, SymmetricState } from './symmetric-state.ts'

/** The initiator's state after its first message. Wiped by {@link forgetInitiation}, or by a response that fits. */
export interface InitiationSent {
  readonly kind: 'initiationSent'
  /** Our index for the session to come. */
  readonly sender: number
  readonly ephemeral: X25519PrivateKey
  readonly symmetric: SymmetricState
}

/** A response that fits: the session is agreed upon. */
export interface ResponseAccepted {
  readonly kind: 'responseAccepted'
  /** The responder's index for the session. */
  readonly remoteIndex: number
  readonly keys: SessionKeys
}

/**
 * Makes the first message (section 5.4.2), 148 bytes with macs of zeros.
 *
 * @param options.sender our index for the session to come
 * @param options.ephemeral a key used for this message and never again
 * @param options.timestamp TAI64N, 12 bytes, later than that of every earlier initiation
 */
export function createInitiation(
  local: LocalIdentity,
  remote: RemoteIdentity,
  options: { readonly sender: number; readonly ephemeral: X25519PrivateKey; readonly timestamp: Uint8Array },
): { readonly message: Uint8Array; readonly state: InitiationSent } {
  const { sender, ephemeral, timestamp } = options
  const symmetric = SymmetricState.start(remote.publicKey.bytes)
  symmetric.mixChainKey(ephemeral.publicKey.bytes)
  symmetric.mixHash(ephemeral.publicKey.bytes)
  const secret = ephemeral.agree(remote.publicKey)
  if (secret === undefined) throw new Error('handshake: the public key of the peer is of low order')
  symmetric.mixKey(secret)
  secret.fill(0)
  const sealedStatic = symmetric.sealAndMix(local.privateKey.publicKey.bytes)
  symmetric.mixKey(remote.staticSecret)
  const sealedTimestamp = symmetric.sealAndMix(timestamp)
  const message = new Uint8Array(Initiation.length)
  encodeInitiation(message, 0, {
    sender,
    ephemeral: ephemeral.publicKey.bytes,
    sealedStatic,
    sealedTimestamp,
  })
  return { message, state: { kind: 'initiationSent', sender, ephemeral, symmetric } }
}

/**
 * Judges the answer to our initiation (section 5.4.3). A forged one leaves `state` as it was, so that the right one is
 * still accepted; the right one wipes it.
 *
 * @param offset where the message begins; its type and its receiver index were found right
 */
export function consumeResponse(
  state: InitiationSent,
  local: LocalIdentity,
  remote: RemoteIdentity,
  bytes: Uint8Array,
  offset: number,
): ResponseAccepted | Rejected {
  const fields = decodeResponse(bytes, offset)
  const ephemeral = new X25519PublicKey(fields.ephemeral)
  using symmetric = state.symmetric.clone()
  symmetric.mixChainKey(ephemeral.bytes)
  symmetric.mixHash(ephemeral.bytes)
  for (const privateKey of [state.ephemeral, local.privateKey]) {
    const secret = privateKey.agree(ephemeral)
    if (secret === undefined) return { kind: 'rejected', reason: 'lowOrderPoint' }
    symmetric.mixChainKey(secret)
    secret.fill(0)
  }
  symmetric.mixPresharedKey(remote.presharedKey)
  if (symmetric.openAndMix(fields.sealedEmpty) === undefined) return { kind: 'rejected', reason: 'forged' }
  forgetInitiation(state)
  return { kind: 'responseAccepted', remoteIndex: fields.sender, keys: symmetric.split('initiator') }
}

/** Overwrites the secrets of a handshake that will not be finished. */
export function forgetInitiation(state: InitiationSent): void {
  state.symmetric[Symbol.dispose]()
}

import { type X25519PrivateKey, X25519PublicKey } from '../crypto/x25519.ts'
import { decodeInitiation, encodeResponse } from '../messages/handshake-messages.ts'
import { Response } from '../messages/message-layout.ts'
import type { Rejected } from './handshake-state.ts'
import type { LocalIdentity, RemoteIdentity } from './identity.ts'
import { type SessionKeys, SymmetricState } from './symmetric-state.ts'

/** Whoever a responder knows. */
export interface WithIdentity {
  readonly identity: RemoteIdentity
}

/** An initiation that came from a known peer. It may still be a replay: the caller compares the timestamp. */
export interface InitiationConsumed<Known extends WithIdentity> {
  readonly kind: 'initiationConsumed'
  /** Whom `findRemote` found. */
  readonly remote: Known
  /** The initiator's index for the session to come. */
  readonly remoteIndex: number
  readonly remoteEphemeral: X25519PublicKey
  /** TAI64N, 12 bytes. */
  readonly timestamp: Uint8Array
  readonly symmetric: SymmetricState
}

/**
 * Judges a first message (section 5.4.2).
 *
 * @param offset where the message begins; its type and mac1 were found right
 * @param findRemote the peer with this public key, 32 bytes
 */
export function consumeInitiation<Known extends WithIdentity>(
  local: LocalIdentity,
  bytes: Uint8Array,
  offset: number,
  findRemote: (publicKey: Uint8Array) => Known | undefined,
): InitiationConsumed<Known> | Rejected {
  const fields = decodeInitiation(bytes, offset)
  const remoteEphemeral = new X25519PublicKey(fields.ephemeral)
  const symmetric = SymmetricState.start(local.privateKey.publicKey.bytes)
  const rejected = (reason: Rejected['reason']): Rejected => {
    symmetric[Symbol.dispose]()
    return { kind: 'rejected', reason }
  }
  symmetric.mixChainKey(remoteEphemeral.bytes)
  symmetric.mixHash(remoteEphemeral.bytes)
  const secret = local.privateKey.agree(remoteEphemeral)
  if (secret === undefined) return rejected('lowOrderPoint')
  symmetric.mixKey(secret)
  secret.fill(0)
  const publicKey = symmetric.openAndMix(fields.sealedStatic)
  if (publicKey === undefined) return rejected('forged')
  const remote = findRemote(publicKey)
  if (remote === undefined) return rejected('unknownPeer')
  symmetric.mixKey(remote.identity.staticSecret)
  const timestamp = symmetric.openAndMix(fields.sealedTimestamp)
  if (timestamp === undefined) return rejected('forged')
  return {
    kind: 'initiationConsumed',
    remote,
    remoteIndex: fields.sender,
    remoteEphemeral,
    timestamp,
    symmetric,
  }
}

/**
 * Makes the answer (section 5.4.3), 92 bytes with macs of zeros, and the keys of the session. Wipes the state it comes
 * from.
 *
 * @param options.sender our index for the session
 * @param options.ephemeral a key used for this message and never again
 */
export function createResponse(
  initiation: InitiationConsumed<WithIdentity>,
  options: { readonly sender: number; readonly ephemeral: X25519PrivateKey },
): { readonly message: Uint8Array; readonly keys: SessionKeys } {
  const { ephemeral, sender } = options
  const { symmetric } = initiation
  const remote = initiation.remote.identity
  symmetric.mixChainKey(ephemeral.publicKey.bytes)
  symmetric.mixHash(ephemeral.publicKey.bytes)
  for (const publicKey of [initiation.remoteEphemeral, remote.publicKey]) {
    const secret = ephemeral.agree(publicKey)
    if (secret === undefined) throw new Error('unreachable: points of low order were refused before')
    symmetric.mixChainKey(secret)
    secret.fill(0)
  }
  symmetric.mixPresharedKey(remote.presharedKey)
  const sealedEmpty = symmetric.sealAndMix(new Uint8Array(0))
  const message = new Uint8Array(Response.length)
  encodeResponse(message, 0, {
    sender,
    receiver: initiation.remoteIndex,
    ephemeral: ephemeral.publicKey.bytes,
    sealedEmpty,
  })
  return { message, keys: symmetric.split('responder') }
}

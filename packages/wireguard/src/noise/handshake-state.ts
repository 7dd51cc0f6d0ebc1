import type { InitiationSent } from './initiator.ts'

/** A handshake message that is not answered. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: HandshakeRejection
}

/**
 * Why: `lowOrderPoint`: its ephemeral key agrees on zeros with everybody (section 5.4, RFC 7748 section 6.1); `forged`: a
 * sealed field does not open; `unknownPeer`: from a public key that is not configured; `replayed`: its timestamp is not
 * newer than the newest one (section 5.1); `tooOften`: another one came just before.
 */
export type HandshakeRejection = 'lowOrderPoint' | 'forged' | 'unknownPeer' | 'replayed' | 'tooOften'

/**
 * The state of a peer's handshake between messages. The responder keeps none: it answers at once, and its keys go into
 * the next session. So two initiations that cross each other both succeed.
 */
export type HandshakeState = { readonly kind: 'idle' } | InitiationSent

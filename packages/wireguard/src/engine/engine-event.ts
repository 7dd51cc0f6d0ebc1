import type { CoreAction } from '../core/action.ts'

/** What happens to peers. Keys are in base64, endpoints as `192.0.2.1:51820`. */
export type WireGuardEvent =
  /** Both ends have a new session. */
  | { readonly kind: 'session'; readonly publicKey: string; readonly role: 'initiator' | 'responder' }
  /** The peer proved to be elsewhere than before. */
  | { readonly kind: 'roamed'; readonly publicKey: string; readonly endpoint: string }
  /** The peer did not answer an initiation, which is sent again. */
  | { readonly kind: 'unanswered'; readonly publicKey: string; readonly attempts: number }
  /** The peer did not answer for 90 seconds; what waited for it was dropped. */
  | { readonly kind: 'unreachable'; readonly publicKey: string }
  /** The name of the peer's endpoint was resolved. */
  | { readonly kind: 'resolved'; readonly publicKey: string; readonly endpoint: string }
  /** The name of the peer's endpoint could not be resolved; it is tried again. */
  | {
      readonly kind: 'unresolved'
      readonly publicKey: string
      readonly name: string
      readonly reason: string
    }

/** What a core's action tells the one who watches. */
export function eventOf(action: Exclude<CoreAction, { kind: 'asked' | 'deliver' | 'send' }>): WireGuardEvent {
  const { publicKey } = action.peer
  switch (action.kind) {
    case 'session':
      return { kind: 'session', publicKey, role: action.role }
    case 'roamed':
      return { kind: 'roamed', publicKey, endpoint: action.endpoint.toString() }
    case 'unanswered':
      return { kind: 'unanswered', publicKey, attempts: action.attempts }
    default:
      return { kind: action.kind, publicKey }
  }
}

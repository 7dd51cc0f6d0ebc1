import type { Endpoint } from '@vpnext/packet'
import type { Peer } from '../peers/peer.ts'

/** What the caller of the core has to do, or wants to know. Byte arrays belong to the caller from then on. */
export type CoreAction =
  /** Send this datagram. A cookie reply goes to whoever asked, so it has no peer. */
  | {
      readonly kind: 'send'
      readonly endpoint: Endpoint
      readonly bytes: Uint8Array
      readonly peer: Peer | undefined
    }
  /** Give this IP packet, which came from the peer, to the kernel. */
  | { readonly kind: 'deliver'; readonly peer: Peer; readonly bytes: Uint8Array }
  /** Both ends have a new session. */
  | { readonly kind: 'session'; readonly peer: Peer; readonly role: 'initiator' | 'responder' }
  /** The peer proved to be elsewhere than before (section 2.1: roaming). */
  | { readonly kind: 'roamed'; readonly peer: Peer; readonly endpoint: Endpoint }
  /**
   * The peer asked us at one of our addresses, `endpoint.local`, and is answered from there: where the machine would choose that
   * one anyway, `answerFromAnywhere` leaves the choice to it.
   */
  | { readonly kind: 'asked'; readonly peer: Peer; readonly endpoint: Endpoint }
  /** An initiation was not answered and is sent again: a good time to resolve the peer's name again. */
  | { readonly kind: 'unanswered'; readonly peer: Peer; readonly attempts: number }
  /** No answer within REKEY_ATTEMPT_TIME: what was waiting for the peer was dropped (section 6.4). */
  | { readonly kind: 'unreachable'; readonly peer: Peer }

const nothing: readonly CoreAction[] = Object.freeze([])

/** Where actions gather during one call into the core. */
export class Outbox {
  #actions: CoreAction[] = []

  add(action: CoreAction): void {
    this.#actions.push(action)
  }

  /** Takes out all, in their order. Makes no object when there are none. */
  take(): readonly CoreAction[] {
    if (this.#actions.length === 0) return nothing
    const actions = this.#actions
    this.#actions = []
    return actions
  }
}

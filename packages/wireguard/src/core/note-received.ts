import type { Endpoint } from '@vpnext/packet'
import type { Peer } from '../peers/peer.ts'
import type { CoreContext } from './core-context.ts'

/**
 * What every authentic message of a peer means: it is where the message came from (section 2.1), and it lives.
 *
 * @param length of the datagram, bytes
 */
export function noteReceived(
  context: CoreContext,
  peer: Peer,
  source: Endpoint,
  length: number,
  now: number,
): void {
  peer.countReceived(length)
  if (peer.endpoint !== source && peer.endpoint?.equals(source) !== true) {
    // Who has moved expects answers from where it was answered before; who was asked by us takes them from anywhere.
    const asks = peer.keypairs.current?.role === 'responder'
    settle(context, peer, asks ? source : source.fromAnywhere(), true)
  }
  peer.timers.authenticatedReceived(now)
}

/** The same for an initiation: of our addresses the peer expects the answer from the one that it asked. */
export function noteAsked(
  context: CoreContext,
  peer: Peer,
  source: Endpoint,
  length: number,
  now: number,
): void {
  settle(context, peer, source, peer.endpoint?.equals(source) !== true)
  noteReceived(context, peer, source, length, now)
}

/** From now on the peer is sent to there. @param moved whether it is another place than before */
function settle(context: CoreContext, peer: Peer, endpoint: Endpoint, moved: boolean): void {
  peer.endpoint = endpoint
  if (moved) context.outbox.add({ kind: 'roamed', peer, endpoint })
  if (endpoint.local !== undefined) context.outbox.add({ kind: 'asked', peer, endpoint })
}

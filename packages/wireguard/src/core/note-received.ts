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
    const endpoint = asks ? source : source.fromAnywhere()
    peer.endpoint = endpoint
    context.outbox.add({ kind: 'roamed', peer, endpoint })
    if (endpoint.local !== undefined) context.outbox.add({ kind: 'asked', peer, endpoint })
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
  const moved = peer.endpoint?.equals(source) !== true
  peer.endpoint = source
  if (moved) context.outbox.add({ kind: 'roamed', peer, endpoint: source })
  if (source.local !== undefined) context.outbox.add({ kind: 'asked', peer, endpoint: source })
  noteReceived(context, peer, source, length, now)
}

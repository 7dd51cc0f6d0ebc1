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
    peer.endpoint = source
    context.outbox.add({ kind: 'roamed', peer, endpoint: source })
  }
  peer.timers.authenticatedReceived(now)
}

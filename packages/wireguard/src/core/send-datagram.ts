import type { Peer } from '../peers/peer.ts'
import type { CoreContext } from './core-context.ts'

/** Has a datagram sent to where the peer is. */
export function sendTo(context: CoreContext, peer: Peer, bytes: Uint8Array): void {
  if (peer.endpoint === undefined) {
    context.drops.count('noEndpoint')
    return
  }
  peer.countSent(bytes.length)
  context.outbox.add({ kind: 'send', endpoint: peer.endpoint, bytes, peer })
}

import { MessageType } from '../messages/message-layout.ts'
import { createInitiation } from '../noise/initiator.ts'
import { createResponse, type InitiationConsumed } from '../noise/responder.ts'
import type { Peer } from '../peers/peer.ts'
import { Keypair } from '../session/keypair.ts'
import type { CoreContext } from './core-context.ts'
import { sendTo } from './send-datagram.ts'

/**
 * Starts a handshake with a peer, unless one was sent within REKEY_TIMEOUT (section 6.4).
 *
 * @param cause `demand`: there is something to send, so the time in which it is tried begins anew; `retry`: the last one
 *   was not answered
 */
export function initiate(context: CoreContext, peer: Peer, cause: 'demand' | 'retry', now: number): void {
  if (cause === 'demand') {
    peer.attemptStartedAt = now
    peer.attempts = 0
  }
  if (peer.endpoint === undefined) return
  if (now - peer.handshakeSentAt < context.timings.rekeyTimeout) {
    // Our response may have been lost. Without this, packets would wait until another one comes along.
    if (peer.staged.size > 0) peer.timers.handshakeWanted(peer.handshakeSentAt)
    return
  }
  const sender = context.indexes.draw()
  const { message, state } = createInitiation(context.local, peer.identity, {
    sender,
    ephemeral: context.environment.ephemeral(),
    timestamp: context.timestamps.next(context.environment.unixTime()),
  })
  peer.handshake = state
  peer.attempts += 1
  peer.handshakeSentAt = now
  if (!Number.isFinite(peer.unansweredSince)) peer.unansweredSince = now
  peer.cookies.addMacs(MessageType.initiation, message, now)
  sendTo(context, peer, message)
  peer.timers.authenticatedSent(now)
  peer.timers.handshakeInitiated(now)
}

/** Answers an initiation, and keeps the session until the peer uses it (sections 5.4.3 and 5.4.5). */
export function respond(
  context: CoreContext,
  peer: Peer,
  initiation: InitiationConsumed<Peer>,
  now: number,
): void {
  const localIndex = context.indexes.draw()
  const { message, keys } = createResponse(initiation, {
    sender: localIndex,
    ephemeral: context.environment.ephemeral(),
  })
  const { remoteIndex } = initiation
  const keypair = new Keypair<Peer>({
    owner: peer,
    role: 'responder',
    localIndex,
    remoteIndex,
    createdAt: now,
    keys,
    memory: context.memory,
  })
  context.indexes.addSession(keypair)
  peer.keypairs.addAsResponder(keypair, now)
  peer.handshakeSentAt = now
  peer.cookies.addMacs(MessageType.response, message, now)
  sendTo(context, peer, message)
  peer.timers.sessionDerived(now)
  peer.timers.authenticatedSent(now)
}

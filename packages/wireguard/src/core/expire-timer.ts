import type { Peer } from '../peers/peer.ts'
import { Timer } from '../timers/peer-timers.ts'
import type { CoreContext } from './core-context.ts'
import { initiate } from './send-handshake.ts'
import { sendKeepalive } from './send-transport.ts'

/** Does what a timer of a peer was set for (section 6). */
export function expireTimer(context: CoreContext, peer: Peer, timer: Timer, now: number): void {
  switch (timer) {
    case Timer.zeroKeys:
      peer.forgetSessions()
      return
    case Timer.retransmitHandshake:
      retransmit(context, peer, now)
      return
    case Timer.newHandshake:
      peer.endpoint = peer.endpoint?.fromAnywhere()
      initiate(context, peer, 'demand', now)
      return
    case Timer.sendKeepalive:
    case Timer.persistentKeepalive:
      sendKeepalive(context, peer, now)
      return
    case Timer.retiredSessions:
      peer.expireRetired(now)
      return
  }
}

function retransmit(context: CoreContext, peer: Peer, now: number): void {
  if (now - peer.attemptStartedAt < context.timings.rekeyAttemptTime) {
    // Perhaps nothing comes through from the address that the peer asked.
    peer.endpoint = peer.endpoint?.fromAnywhere()
    context.outbox.add({ kind: 'unanswered', peer, attempts: peer.attempts })
    initiate(context, peer, 'retry', now)
    return
  }
  peer.timers.cancel(Timer.sendKeepalive)
  context.drops.count('unreachable', peer.staged.size)
  peer.staged.clear()
  peer.handshake = { kind: 'idle' }
  // Older sessions stay for as long as they would have with a new one.
  if (!peer.timers.isArmed(Timer.zeroKeys)) peer.timers.sessionDerived(now)
  context.outbox.add({ kind: 'unreachable', peer })
}

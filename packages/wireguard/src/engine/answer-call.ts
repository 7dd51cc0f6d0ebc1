import { Endpoint } from '@vpnext/packet'
import { SettingsError } from '../core/core-options.ts'
import type { WireGuardCore } from '../core/wireguard-core.ts'
import { Timer } from '../timers/peer-timers.ts'
import type { EngineAnswer, EngineCall, PlainEndpoint, PlainPeer } from './engine-messages.ts'
import { askedEndpoint } from './question.ts'
import { takeShared } from './shared-secret.ts'
import type { SocketSet } from './socket-set.ts'

/** Does what the engine's thread is asked to do between packets. */
export function answerCall(
  core: WireGuardCore,
  sockets: SocketSet,
  call: EngineCall,
  now: number,
): EngineAnswer {
  try {
    return perform(core, sockets, call, now)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return { kind: 'refused', field: error.field, reason: error.reason }
  }
}

function perform(core: WireGuardCore, sockets: SocketSet, call: EngineCall, now: number): EngineAnswer {
  switch (call.kind) {
    case 'setPeer':
      setPlainPeer(core, sockets, call.peer, now)
      return { kind: 'done' }
    case 'removePeer':
      return { kind: 'removed', found: core.removePeer(call.publicKey) }
    case 'greet': {
      const peer = core.peer(call.publicKey)
      if (peer?.endpoint !== undefined) peer.timers.arm(Timer.sendKeepalive, now)
      return { kind: 'done' }
    }
    case 'setEndpoint': {
      const peer = core.peer(call.publicKey)
      if (peer !== undefined) core.setEndpoint(peer, reachable(sockets, call.endpoint), now)
      return { kind: 'done' }
    }
    case 'answerFromAnywhere': {
      const peer = core.peer(call.publicKey)
      if (peer !== undefined) core.answerFromAnywhere(peer, askedEndpoint(call.asked))
      return { kind: 'done' }
    }
    default:
      return { kind: call.kind, status: core.status(now) }
  }
}

/** @throws SettingsError naming the option, having changed nothing */
function setPlainPeer(core: WireGuardCore, sockets: SocketSet, peer: PlainPeer, now: number): void {
  const { presharedKey: shared, endpoint: plain, ...rest } = peer
  const endpoint = plain === undefined ? {} : { endpoint: reachable(sockets, plain) }
  if (shared === undefined) core.setPeer({ ...rest, ...endpoint }, now)
  else takeShared(shared, (presharedKey) => core.setPeer({ ...rest, ...endpoint, presharedKey }, now))
}

function reachable(sockets: SocketSet, { address, port, scope }: PlainEndpoint): Endpoint {
  const endpoint = Endpoint.from(address, port, scope)
  if (sockets.of(endpoint) !== undefined) return endpoint
  throw new SettingsError('endpoint', `${endpoint.toString()}: this machine has no IPv${endpoint.family}`)
}

import { formatPrefix } from '@vpnext/ip'
import type { AeadBackend } from '@vpnext/packet'
import { encodeKey } from '../keys/key-text.ts'
import type { Peer } from '../peers/peer.ts'
import type { CoreContext } from './core-context.ts'
import type { DropReason } from './drop-counters.ts'

/** What there is to know about a peer, without secrets. Plain JSON. */
export interface PeerStatus {
  readonly publicKey: string
  /** `192.0.2.1:51820`; absent when it is not known where the peer is. */
  readonly endpoint?: string
  readonly allowedIps: readonly string[]
  /** Bytes of authentic datagrams from and to the peer. */
  readonly rxBytes: number
  readonly txBytes: number
  /** Since the last handshake, ms; absent when there was none. */
  readonly handshakeAge?: number
  /**
   * For how long the peer has not answered, ms, from the first initiation on, whatever was sent meanwhile; absent when it has, or
   * was not asked since the last session.
   */
  readonly unansweredFor?: number
  /** From our last initiation to its response, ms; absent when there was none. */
  readonly handshakeRoundTrip?: number
  /** Seconds; absent when off. */
  readonly persistentKeepalive?: number
}

/** What there is to know about a core. Plain JSON. */
export interface CoreStatus {
  readonly publicKey: string
  /** How packets are sealed here. */
  readonly aead: Pick<AeadBackend, 'name' | 'oneCall'>
  readonly peers: readonly PeerStatus[]
  /** Why datagrams and packets were dropped, and how often. */
  readonly drops: Partial<Record<DropReason, number>>
  /** Entries of the tables that strangers could try to fill. */
  readonly tables: { readonly indices: number; readonly timers: number; readonly sources: number }
}

/** @param now ms */
export function coreStatus(context: CoreContext, timers: number, now: number): CoreStatus {
  const { name, oneCall } = context.memory.aead
  return {
    publicKey: encodeKey(context.local.privateKey.publicKey.bytes),
    aead: { name, oneCall },
    peers: [...context.peers].map((peer) => peerStatus(context, peer, now)),
    drops: context.drops.toJSON(),
    tables: { indices: context.indexes.size, timers, sources: context.limiter.size },
  }
}

function peerStatus(context: CoreContext, peer: Peer, now: number): PeerStatus {
  const handshakeAge = now - peer.handshakeCompletedAt
  const unansweredFor = now - peer.unansweredSince
  const { persistentInterval } = peer.timers
  return {
    publicKey: peer.publicKey,
    ...(peer.endpoint !== undefined && { endpoint: peer.endpoint.toString() }),
    allowedIps: context.allowedIps.prefixesOf(peer).map(formatPrefix),
    rxBytes: peer.rxBytes,
    txBytes: peer.txBytes,
    ...(Number.isFinite(handshakeAge) && { handshakeAge }),
    ...(Number.isFinite(unansweredFor) && { unansweredFor }),
    ...(peer.handshakeRoundTrip !== undefined && { handshakeRoundTrip: peer.handshakeRoundTrip }),
    ...(persistentInterval > 0 && { persistentKeepalive: persistentInterval / 1000 }),
  }
}

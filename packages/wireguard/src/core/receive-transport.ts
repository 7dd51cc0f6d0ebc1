import { readCounter, readInt32 } from '../messages/fields.ts'
import { Transport } from '../messages/message-layout.ts'
import type { Endpoint } from '@vpnext/packet'
import { addressOffsets, innerLength } from '../peers/inner-packet.ts'
import type { Peer } from '../peers/peer.ts'
import type { Keypair } from '../session/keypair.ts'
import type { CoreContext } from './core-context.ts'
import { noteReceived } from './note-received.ts'
import { initiate } from './send-handshake.ts'
import { sendStaged } from './send-transport.ts'

/** Opens a transport message and hands on the packet in it. */
export function receiveTransport(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  length: number,
  source: Endpoint,
  now: number,
): void {
  const keypair = receivingKeypair(context, bytes, offset, now)
  if (keypair === undefined) return
  const { bytes: room } = context.memory.arena
  const packet = context.openingRoom + Transport.packet
  room.set(bytes.subarray(offset, offset + length), context.openingRoom)
  const available = keypair.open(context.openingRoom, length, packet)
  if (available < 0) {
    context.drops.count('forgedPacket')
    return
  }
  if (!acceptTransport(context, keypair, readCounter(bytes, offset), source, length, now)) return
  const inner = acceptInner(context, keypair.owner, room, packet, available)
  if (inner === 0) return
  context.outbox.add({ kind: 'deliver', peer: keypair.owner, bytes: room.slice(packet, packet + inner) })
}

/**
 * The session that a transport message belongs to.
 *
 * @returns `undefined`, and counts why, when there is none that may still be used (sections 6.1 and 6.2)
 */
export function receivingKeypair(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  now: number,
): Keypair<Peer> | undefined {
  const keypair = context.indexes.session(readInt32(bytes, offset + Transport.receiver))
  if (keypair === undefined) {
    context.drops.count('unknownIndex')
    return undefined
  }
  const { rejectAfterMessages, rejectAfterTime } = context.timings
  if (now - keypair.createdAt < rejectAfterTime && readCounter(bytes, offset) < rejectAfterMessages) {
    return keypair
  }
  context.drops.count('expired')
  return undefined
}

/**
 * What a transport message that opened means: for the replay window, the sessions, where the peer is, and the timers.
 *
 * @param length of the message, bytes; one of 32 is a keepalive
 * @returns false, and counts it, for a replay
 */
export function acceptTransport(
  context: CoreContext,
  keypair: Keypair<Peer>,
  counter: number,
  source: Endpoint,
  length: number,
  now: number,
): boolean {
  if (!keypair.replay.accept(counter)) {
    context.drops.count('replayedPacket')
    return false
  }
  const peer = keypair.owner
  noteReceived(context, peer, source, length, now)
  if (length > Transport.overhead) peer.timers.dataReceived(now)
  if (peer.keypairs.confirm(keypair, now)) {
    peer.timers.handshakeComplete()
    peer.noteSession(now)
    context.outbox.add({ kind: 'session', peer, role: 'responder' })
    if (peer.staged.size > 0) sendStaged(context, peer, now)
  }
  renewByReceiving(context, peer, now)
  return true
}

/**
 * Whether what was in a transport message is an IP packet from an inner address of the peer (section 2.1).
 *
 * @param available bytes at `offset`, padding included
 * @returns the packet's length; 0 when it is not to be delivered, which is counted unless it is a keepalive
 */
export function acceptInner(
  context: CoreContext,
  peer: Peer,
  bytes: Uint8Array,
  offset: number,
  available: number,
): number {
  if (available === 0) return 0
  const length = innerLength(bytes, offset, available)
  if (length === 0) {
    context.drops.count('notIp')
    return 0
  }
  const { family, source } = addressOffsets(bytes, offset)
  if (context.allowedIps.lookup(family, bytes, offset + source) === peer) return length
  context.drops.count('wrongSource')
  return 0
}

/** Who only receives would lose the session at REJECT_AFTER_TIME; its initiator renews it in time (section 6.2). */
function renewByReceiving(context: CoreContext, peer: Peer, now: number): void {
  const { current } = peer.keypairs
  if (peer.renewal === 'asked' || current?.role !== 'initiator') return
  const { keepaliveTimeout, rejectAfterTime, rekeyTimeout } = context.timings
  if (now - current.createdAt < rejectAfterTime - keepaliveTimeout - rekeyTimeout) return
  peer.renewal = 'asked'
  initiate(context, peer, 'demand', now)
}

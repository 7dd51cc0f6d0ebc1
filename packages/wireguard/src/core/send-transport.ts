import { MAX_MESSAGE, PADDING_MULTIPLE } from '../constants.ts'
import { Transport } from '../messages/message-layout.ts'
import { addressOffsets, innerLength } from '../peers/inner-packet.ts'
import type { Peer } from '../peers/peer.ts'
import type { Keypair } from '../session/keypair.ts'
import type { CoreContext } from './core-context.ts'
import { sendTo } from './send-datagram.ts'
import { initiate } from './send-handshake.ts'

/**
 * Which peer an IP packet goes to.
 *
 * @returns `undefined`, and counts why, when it goes to none
 */
export function route(context: CoreContext, bytes: Uint8Array, offset: number): Peer | undefined {
  const { family, destination } = addressOffsets(bytes, offset)
  const peer = context.allowedIps.lookup(family, bytes, offset + destination)
  if (peer === undefined) context.drops.count('unroutable')
  else if (peer.endpoint === undefined) context.drops.count('noEndpoint')
  else return peer
  return undefined
}

/** Sends an IP packet to the peer it belongs to, or keeps it until there is a session. */
export function sendPacket(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  available: number,
  now: number,
): void {
  const length = innerLength(bytes, offset, available)
  if (length === 0) {
    context.drops.count('notIp')
    return
  }
  if (paddedLength(length, context.mtu) + Transport.overhead > MAX_MESSAGE) {
    context.drops.count('tooLong')
    return
  }
  const peer = route(context, bytes, offset)
  if (peer === undefined) return
  const overflow = peer.staged.add(bytes.slice(offset, offset + length))
  context.drops.count('stagedOverflow', overflow)
  sendStaged(context, peer, now)
}

/** Sends an empty packet, unless there are others to send (section 6.5). */
export function sendKeepalive(context: CoreContext, peer: Peer, now: number): void {
  if (peer.staged.size === 0) peer.staged.add(new Uint8Array(0))
  sendStaged(context, peer, now)
}

/** Sends what waits for a session, or asks for one. */
export function sendStaged(context: CoreContext, peer: Peer, now: number): void {
  const keypair = sendingKeypair(context, peer, now)
  if (keypair === undefined) {
    initiate(context, peer, 'demand', now)
    return
  }
  for (const packet of peer.staged.takeAll()) {
    if (keypair.sendCounter >= context.timings.rejectAfterMessages) {
      peer.staged.add(packet)
    } else {
      sendTo(context, peer, sealPacket(context, keypair, packet))
      noteSent(context, peer, keypair, packet.length > 0, now)
    }
  }
  if (peer.staged.size > 0) initiate(context, peer, 'demand', now)
}

/** Makes the transport message of a packet. */
function sealPacket(context: CoreContext, keypair: Keypair<Peer>, packet: Uint8Array): Uint8Array {
  const { bytes: room } = context.memory.arena
  const message = context.sealingRoom
  const start = message + Transport.packet
  const length = paddedLength(packet.length, context.mtu)
  room.set(packet, start)
  room.fill(0, start + packet.length, start + length)
  keypair.seal(start, length, message)
  return room.slice(message, message + length + Transport.overhead)
}

/** The session to send with, if there is one that is neither too old nor used up (sections 6.1 and 6.2). */
export function sendingKeypair(context: CoreContext, peer: Peer, now: number): Keypair<Peer> | undefined {
  const keypair = peer.keypairs.current
  if (keypair === undefined) return undefined
  const { rejectAfterMessages, rejectAfterTime } = context.timings
  const usable = keypair.sendCounter < rejectAfterMessages && now - keypair.createdAt < rejectAfterTime
  return usable ? keypair : undefined
}

/** What a transport message that goes out means for timers and for the age of its session (sections 6.2 and 6.5). */
export function noteSent(
  context: CoreContext,
  peer: Peer,
  keypair: Keypair<Peer>,
  hasData: boolean,
  now: number,
): void {
  peer.timers.authenticatedSent(now)
  if (hasData) peer.timers.dataSent(now)
  const { rekeyAfterMessages, rekeyAfterTime } = context.timings
  const old = keypair.role === 'initiator' && now - keypair.createdAt >= rekeyAfterTime
  if (old || keypair.sendCounter >= rekeyAfterMessages) initiate(context, peer, 'demand', now)
}

/**
 * The length of a packet with its padding (section 5.4.6), which does not make it longer than the MTU.
 *
 * @param mtu bytes; 0 for no limit
 */
export function paddedLength(length: number, mtu: number): number {
  const padded = Math.ceil(length / PADDING_MULTIPLE) * PADDING_MULTIPLE
  return mtu === 0 || length > mtu ? padded : Math.min(padded, mtu)
}

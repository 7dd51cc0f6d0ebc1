import { readUint32 } from '../messages/fields.ts'
import {
  CookieReply,
  type HandshakeMessageType,
  Initiation,
  MessageType,
  Response,
} from '../messages/message-layout.ts'
import { consumeResponse } from '../noise/initiator.ts'
import { consumeInitiation } from '../noise/responder.ts'
import { isLater } from '../noise/tai64n.ts'
import type { Endpoint } from '@vpnext/packet'
import { endpointToBytes } from '../peers/endpoint.ts'
import type { Peer } from '../peers/peer.ts'
import { Keypair } from '../session/keypair.ts'
import type { CoreContext } from './core-context.ts'
import { noteAsked, noteReceived } from './note-received.ts'
import { respond } from './send-handshake.ts'
import { sendKeepalive } from './send-transport.ts'

/** Judges an initiation or a response: macs first, which cost little, and then what it says. */
export function receiveHandshake(
  context: CoreContext,
  type: HandshakeMessageType,
  bytes: Uint8Array,
  offset: number,
  source: Endpoint,
  now: number,
): void {
  if (!admit(context, type, bytes, offset, source, now)) return
  if (type === MessageType.initiation) receiveInitiation(context, bytes, offset, source, now)
  else receiveResponse(context, bytes, offset, source, now)
}

/** Keeps the cookie of a reply for the next handshake message (section 5.4.7). */
export function receiveCookieReply(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  now: number,
): void {
  const index = readUint32(bytes, offset + CookieReply.receiver)
  const peer = context.indexes.handshake(index) ?? context.indexes.session(index)?.owner
  if (peer === undefined) context.drops.count('unknownIndex')
  else if (!peer.cookies.consumeReply(bytes, offset, now)) context.drops.count('badCookie')
}

/** The defence against floods (section 5.3): under load, whoever does not prove to be where it is gets a cookie and no more. */
function admit(
  context: CoreContext,
  type: HandshakeMessageType,
  bytes: Uint8Array,
  offset: number,
  source: Endpoint,
  now: number,
): boolean {
  const { checker, drops, knownPlaces, limiter, load, outbox } = context
  if (!checker.hasMac1(type, bytes, offset)) {
    drops.count('badMac1')
    return false
  }
  load.count(now)
  if (!load.isUnderLoad(now)) return true
  const place = endpointToBytes(source)
  if (!checker.hasMac2(type, bytes, offset, place, now)) {
    if (!load.allowCookie(() => knownPlaces.includes(place, now))) {
      drops.count('flooded')
      return false
    }
    drops.count('cookieRequired')
    const reply = checker.createReply(type, bytes, offset, place, now)
    outbox.add({ kind: 'send', endpoint: source, bytes: reply, peer: undefined })
    return false
  }
  if (limiter.allow(source, now)) return true
  drops.count('rateLimited')
  return false
}

function receiveInitiation(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  source: Endpoint,
  now: number,
): void {
  const initiation = consumeInitiation<Peer>(context.local, bytes, offset, (key) => context.peers.find(key))
  if (initiation.kind === 'rejected') {
    context.drops.count(initiation.reason)
    return
  }
  const peer = initiation.remote
  const fresh = isLater(initiation.timestamp, peer.newestTimestamp)
  if (!fresh || now - peer.initiationConsumedAt < context.timings.initiationInterval) {
    initiation.symmetric[Symbol.dispose]()
    context.drops.count(fresh ? 'tooOften' : 'replayed')
    return
  }
  peer.newestTimestamp = initiation.timestamp
  peer.initiationConsumedAt = now
  noteAsked(context, peer, source, Initiation.length, now)
  respond(context, peer, initiation, now)
}

function receiveResponse(
  context: CoreContext,
  bytes: Uint8Array,
  offset: number,
  source: Endpoint,
  now: number,
): void {
  const peer = context.indexes.handshake(readUint32(bytes, offset + Response.receiver))
  if (peer === undefined || peer.handshake.kind !== 'initiationSent') {
    context.drops.count('unknownIndex')
    return
  }
  const { handshake } = peer
  const response = consumeResponse(handshake, context.local, peer.identity, bytes, offset)
  if (response.kind === 'rejected') {
    context.drops.count(response.reason)
    return
  }
  peer.handshake = { kind: 'idle' }
  const keypair = new Keypair<Peer>({
    owner: peer,
    role: 'initiator',
    localIndex: handshake.sender,
    remoteIndex: response.remoteIndex,
    createdAt: now,
    keys: response.keys,
    memory: context.memory,
  })
  context.indexes.addSession(keypair)
  peer.keypairs.addAsInitiator(keypair, now)
  peer.renewal = 'none'
  peer.handshakeRoundTrip = now - peer.handshakeSentAt
  peer.noteSession(now)
  noteReceived(context, peer, source, Response.length, now)
  peer.timers.sessionDerived(now)
  peer.timers.handshakeComplete()
  context.outbox.add({ kind: 'session', peer, role: 'initiator' })
  // The responder may not send before it has heard from us (section 5.4.6), so it hears at once.
  sendKeepalive(context, peer, now)
}

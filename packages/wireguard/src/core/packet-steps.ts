import type { Endpoint } from '@vpnext/packet'
import type { Peer } from '../peers/peer.ts'
import type { Keypair } from '../session/keypair.ts'
import type { CoreAction } from './action.ts'
import type { CoreContext } from './core-context.ts'
import { acceptInner, acceptTransport, receivingKeypair } from './receive-transport.ts'
import { noteSent, paddedLength, route, sendingKeypair } from './send-transport.ts'

/**
 * The steps of which `consumePacket` and `consumeDatagram` are made, one by one, for an engine that seals and opens in
 * its own buffers. None makes an object for a packet that goes its usual way. Why a packet goes no further is counted.
 *
 * Out: {@link route}, {@link sendingKeypair} (none: give the packet to `consumePacket`), `keypair.seal`, {@link sent}.
 * In: {@link receivingKeypair}, `keypair.open` (false: {@link forged}), {@link received}, {@link acceptInner}.
 * After a batch: {@link takeActions}.
 */
export class PacketSteps {
  readonly #context: CoreContext

  constructor(context: CoreContext) {
    this.#context = context
  }

  /** The peer that an IP packet goes to, if any. `innerLength` has found the packet right. */
  route(bytes: Uint8Array, offset: number): Peer | undefined {
    return route(this.#context, bytes, offset)
  }

  /** The session to send with, if there is one. */
  sendingKeypair(peer: Peer, now: number): Keypair<Peer> | undefined {
    return sendingKeypair(this.#context, peer, now)
  }

  /** How long a packet is with its padding, bytes. */
  paddedLength(length: number): number {
    return paddedLength(length, this.#context.mtu)
  }

  /** Notes that a transport message goes out. @param messageLength bytes of the datagram */
  sent(peer: Peer, keypair: Keypair<Peer>, messageLength: number, now: number): void {
    peer.countSent(messageLength)
    noteSent(this.#context, peer, keypair, true, now)
  }

  /** The session that a transport message belongs to, if it may still be used. */
  receivingKeypair(bytes: Uint8Array, offset: number, now: number): Keypair<Peer> | undefined {
    return receivingKeypair(this.#context, bytes, offset, now)
  }

  /** Counts a transport message that does not open. */
  forged(): void {
    this.#context.drops.count('forgedPacket')
  }

  /**
   * Notes that a transport message opened.
   *
   * @param source where it came from. While that is `keypair.owner.endpoint`, pass that very object
   * @param messageLength bytes of the datagram
   * @returns false for a replay: the packet in it is not to be used
   */
  received(
    keypair: Keypair<Peer>,
    counter: number,
    source: Endpoint,
    messageLength: number,
    now: number,
  ): boolean {
    return acceptTransport(this.#context, keypair, counter, source, messageLength, now)
  }

  /**
   * Whether what was in a transport message may be delivered.
   *
   * @param available bytes at `offset`: the message's length − 32
   * @returns the packet's length without padding; 0 when it is not to be delivered
   */
  acceptInner(peer: Peer, bytes: Uint8Array, offset: number, available: number): number {
    return acceptInner(this.#context, peer, bytes, offset, available)
  }

  /** What there is to do besides: handshakes, events. */
  takeActions(): readonly CoreAction[] {
    return this.#context.outbox.take()
  }
}

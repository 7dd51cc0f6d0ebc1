import type { Arena } from './arena/arena.ts'
import type { Endpoint } from './udp/endpoint.ts'

/**
 * Packets that are ready now, one at a time: a cursor, which makes no object per packet.
 *
 * ```ts
 * while (batch.next()) use(batch.arena, batch.offset, batch.length)
 * ```
 *
 * The packet is `length` bytes at `offset` of the arena. It may be changed in place, but not behind its end, where the
 * next one may lie already. It is gone at the next `next()`: its memory is used again, and with offload the next
 * packet's header is written over its end.
 */
export interface PacketBatch {
  readonly arena: Arena
  /** Where the packet starts. */
  readonly offset: number
  /** Its length in bytes. */
  readonly length: number
  /** Goes to the next packet. @returns false at the end of the batch, or while the way on is full (`into`) */
  next(): boolean
  /** The rest of the batch as views, one object each. @see {@link PacketBatch.next} for how long they are valid */
  [Symbol.iterator](): Iterator<Uint8Array>
}

/** Packets from a TUN device: whole IP packets. */
export interface TunBatch extends PacketBatch {
  /**
   * Appends zeros, up to a multiple of `multiple` bytes, for a cipher's padding. What lay behind the packet comes back
   * at the next `next()`. `length` stays.
   *
   * @param multiple 1 to 64
   * @returns the padded length
   */
  pad(multiple: number): number
}

/**
 * Datagrams from a UDP socket: payloads, with where each came from. Empty ones, which anybody may send and no sink takes, are
 * passed over.
 */
export interface DatagramBatch extends PacketBatch {
  /** Whether a router has marked the datagram for congestion, where the socket tells (`congestionInfo`). */
  readonly congestionExperienced: boolean
  /** Whether the datagram came from `endpoint`. Costs a few comparisons. */
  isFrom(endpoint: Endpoint): boolean
  /** Where the datagram came from, and, where the socket tells (`packetInfo`), to which address of ours: a new object. */
  source(): Endpoint
}

/** What a batch asks before each packet, so that none is taken that could not be passed on. */
export interface Room {
  /** Whether one more packet of any size can be taken; tries to make room. */
  hasRoom(): boolean
}

/** Where IP packets go: the TUN device's way into the kernel. */
export interface TunSink {
  /**
   * Hands over a packet that lies anywhere in the arena; it may be reused at once. With offload the packet may be held
   * until {@link TunSink.flush}, to be joined with its successors. A TUN never makes one wait: what the kernel does not
   * want is dropped and counted, as by a network card.
   *
   * @throws RangeError for what is not in the arena
   */
  write(offset: number, length: number): void
  /** Hands over what is held. To be called when no more packets are at hand. */
  flush(): unknown
}

/** Where datagrams go. Reserve room, put the datagram there, commit it; flush when no more are at hand. */
export interface DatagramSink extends Room {
  /**
   * Room for a datagram.
   *
   * @param length the most it will have, 1 to 65,507
   * @returns the offset to write it to, or -1 while the kernel takes no more (`'again'`)
   */
  reserve(length: number): number
  /**
   * Sends the datagram that lies at the offset last reserved, together with its neighbours at the next flush.
   *
   * @param length 1 to what was reserved
   * @param endpoint where to; not for a connected socket
   * @throws RangeError for another length, and for an IPv6 endpoint where the socket is one of IPv4; nothing is sent then
   */
  commit(length: number, endpoint?: Endpoint): void
  /**
   * Hands the datagrams to the kernel.
   *
   * @returns `'again'` when it did not take all: wait until the socket is writable, then flush again
   * @throws SystemError EDESTADDRREQ when a datagram has no endpoint and the socket is not connected: without that one the next
   * flush goes on
   */
  flush(): 'done' | 'again'
}

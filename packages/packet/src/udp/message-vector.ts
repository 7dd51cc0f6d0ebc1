import type { Arena } from '../arena/arena.ts'
import { writeAddress } from '../arena/pointer.ts'
import { packetInfoSize, readPacketInfo, writePacketInfo } from './packet-info.ts'
import { socketAddressSize } from './socket-address.ts'
import { isCongestionMark } from './traffic-class.ts'

/** sizeof(struct mmsghdr), LP64: struct msghdr (56 bytes) and the length (include/linux/socket.h). */
const messageSize = 64
const vectorEntrySize = 16
/** One control message of an int: CMSG_SPACE(4). */
const intControlSize = 24
/** Room for it, for one that tells an address of ours, and for one with the traffic class. */
const controlSize = 2 * intControlSize + packetInfoSize

// Offsets in struct msghdr.
const nameAt = 0
const nameLengthAt = 8
const vectorAt = 16
const vectorCountAt = 24
const controlAt = 32
const controlLengthAt = 40
const flagsAt = 48
const lengthAt = 56

// include/uapi/linux/udp.h and socket.h
const SOL_UDP = 17
const UDP_SEGMENT = 103
const UDP_GRO = 104
const MSG_TRUNC = 0x20

/**
 * The array of struct mmsghdr for sendmmsg and recvmmsg, laid out once, each with an address, one buffer and room for three control
 * messages of its own.
 */
export class MessageVector {
  readonly #arena: Arena
  readonly #messages: number
  readonly #buffers: number
  readonly #names: number
  readonly #controls: number
  readonly capacity: number

  constructor(arena: Arena, capacity: number) {
    this.#arena = arena
    this.capacity = capacity
    this.#messages = arena.allocate(capacity * messageSize)
    this.#buffers = arena.allocate(capacity * vectorEntrySize)
    this.#names = arena.allocate(capacity * socketAddressSize)
    this.#controls = arena.allocate(capacity * controlSize)
    for (let index = 0; index < capacity; index++) {
      const message = this.#message(index)
      writeAddress(arena, message + nameAt, this.nameOffset(index))
      writeAddress(arena, message + vectorAt, this.#buffers + index * vectorEntrySize)
      arena.view.setUint32(message + vectorCountAt, 1, true)
      writeAddress(arena, message + controlAt, this.#controls + index * controlSize)
    }
  }

  /** The address of message `index`, for system calls. */
  address(index: number): number {
    return this.#arena.address + this.#message(index)
  }

  /** Where the socket address of message `index` is. */
  nameOffset(index: number): number {
    return this.#names + index * socketAddressSize
  }

  /** Makes message `index` ready to receive into a buffer. */
  prepareReceive(index: number, offset: number, length: number): void {
    this.setBuffer(index, offset, length)
    this.reset(index)
  }

  /** Sets what the kernel changes at each receive. */
  reset(index: number): void {
    const { view } = this.#arena
    const message = this.#message(index)
    view.setUint32(message + nameLengthAt, socketAddressSize, true)
    view.setUint32(message + controlLengthAt, controlSize, true)
  }

  /** The buffer of message `index`. */
  setBuffer(index: number, offset: number, length: number): void {
    const buffer = this.#buffers + index * vectorEntrySize
    writeAddress(this.#arena, buffer, offset)
    this.#arena.view.setUint32(buffer + 8, length, true)
  }

  setBufferLength(index: number, length: number): void {
    this.#arena.view.setUint32(this.#buffers + index * vectorEntrySize + 8, length, true)
  }

  /** Length of the socket address at {@link nameOffset}; 0 for a connected socket. */
  setNameLength(index: number, length: number): void {
    // A name of length 0 must be a null pointer for sendmsg(2).
    const message = this.#message(index)
    if (length > 0) writeAddress(this.#arena, message + nameAt, this.nameOffset(index))
    else this.#arena.view.setFloat64(message + nameAt, 0)
    this.#arena.view.setUint32(message + nameLengthAt, length, true)
  }

  /**
   * How message `index` is sent.
   *
   * @param size it is cut into datagrams of so many bytes (UDP_SEGMENT); 0 for none
   * @param local the address of ours that it leaves from, 16 bytes; undefined for that of the route
   * @param family of the socket
   */
  setControls(index: number, size: number, local: Uint8Array | undefined, family: 4 | 6): void {
    const { view } = this.#arena
    const control = this.#controls + index * controlSize
    let length = 0
    if (size !== 0) {
      view.setUint32(control, 16 + 2, true) // CMSG_LEN(sizeof(u16)); the upper half stays 0
      view.setUint32(control + 8, SOL_UDP, true)
      view.setUint32(control + 12, UDP_SEGMENT, true)
      view.setUint16(control + 16, size, true)
      length = intControlSize
    }
    if (local !== undefined) length += writePacketInfo(this.#arena, control + length, local, family)
    view.setUint32(this.#message(index) + controlLengthAt, length, true)
  }

  /** Bytes received in message `index`. */
  receivedLength(index: number): number {
    return this.#arena.view.getUint32(this.#message(index) + lengthAt, true)
  }

  /** Whether message `index` was longer than its buffer. */
  wasTruncated(index: number): boolean {
    return (this.#arena.view.getUint32(this.#message(index) + flagsAt, true) & MSG_TRUNC) !== 0
  }

  /** Size of the datagrams that message `index` was joined from (UDP_GRO), or 0 when it is one datagram. */
  receivedSegmentSize(index: number): number {
    const { view } = this.#arena
    if (view.getUint32(this.#message(index) + controlLengthAt, true) < 16 + 4) return 0
    const control = this.#controls + index * controlSize
    if (view.getUint32(control + 8, true) !== SOL_UDP || view.getUint32(control + 12, true) !== UDP_GRO)
      return 0
    return view.getInt32(control + 16, true)
  }

  /** Our own address that message `index` came to, 4 or 16 bytes in the arena; undefined where the socket does not tell. */
  receivedLocal(index: number): Uint8Array | undefined {
    const length = this.#arena.view.getUint32(this.#message(index) + controlLengthAt, true)
    // The kernel puts the size of datagrams first (net/ipv4/udp.c, udp_recvmsg).
    const before = this.receivedSegmentSize(index) > 0 ? intControlSize : 0
    return readPacketInfo(this.#arena, this.#controls + index * controlSize + before, length - before)
  }

  /** Whether a router has marked message `index`, or all it was joined from; false where the socket does not tell. */
  wasMarked(index: number): boolean {
    const length = this.#arena.view.getUint32(this.#message(index) + controlLengthAt, true)
    if (length < intControlSize) return false
    // The kernel puts the traffic class last (net/ipv4/ip_sockglue.c, ip_cmsg_recv_offset; net/ipv6/datagram.c).
    return isCongestionMark(this.#arena, this.#controls + index * controlSize + length - intControlSize)
  }

  #message(index: number): number {
    return this.#messages + index * messageSize
  }
}

import type { Arena } from '../arena/arena.ts'
import { fold } from '../headers/checksum.ts'
import { type PacketShape, sameFlow } from './flow-key.ts'
import {
  gsoTcp4,
  gsoTcp6,
  gsoUdp,
  needsChecksum,
  virtioHeaderSize,
  writeVirtioHeader,
  plainPacket,
} from './virtio-header.ts'

const longest = 65535
/** include/linux/udp.h, UDP_MAX_SEGMENTS of kernels before 6.15. */
const mostDatagrams = 64
const push = 0x08

/** A packet that waits for its successors, and grows by them (GRO). */
export class HeldPacket {
  readonly #arena: Arena
  /** Start of the IP header; the virtio-net header lies directly before. */
  readonly #at: number
  #length = 0
  #headerLength = 0
  #transportAt = 0
  #segmentSize = 0
  #segments = 0
  #isIpv4 = false
  #isTcp = false
  #open = false
  /** Whether the first packet's checksum is known to be right; it is looked at when a second one comes. */
  #verified = false

  constructor(arena: Arena) {
    this.#arena = arena
    // The IP header at a multiple of 64, for the vector loads of sums.
    this.#at = arena.allocate(64 + longest + 64) + 64
  }

  get isEmpty(): boolean {
    return this.#segments === 0
  }

  /** How many packets it is made of. */
  get segments(): number {
    return this.#segments
  }

  /** Bytes as it goes into the kernel: with the virtio-net header. */
  get size(): number {
    return virtioHeaderSize + this.#length
  }

  /** Offset of the virtio-net header. */
  get start(): number {
    return this.#at - virtioHeaderSize
  }

  /** Whether a packet is of the same flow. */
  isOf(shape: PacketShape): boolean {
    return (
      this.#segments > 0 &&
      this.#isTcp === shape.isTcp &&
      this.#isIpv4 === shape.isIpv4 &&
      sameFlow(this.#arena, this.#at, shape.offset, shape.isIpv4)
    )
  }

  /** Holds a first packet. */
  hold(shape: PacketShape): void {
    this.#arena.copySum(this.#at, shape.offset, shape.length)
    this.#length = shape.length
    this.#headerLength = shape.headerLength
    this.#transportAt = shape.transportAt
    this.#segmentSize = shape.payloadLength
    this.#isIpv4 = shape.isIpv4
    this.#isTcp = shape.isTcp
    this.#segments = 1
    this.#verified = false
    this.#open = (shape.flags & push) === 0
  }

  /**
   * Joins the next packet of the flow if cutting the result gives exactly the packets back.
   *
   * @returns false when it does not
   */
  join(shape: PacketShape): boolean {
    if (!this.#open || shape.headerLength !== this.#headerLength) return false
    if (shape.payloadLength > this.#segmentSize || this.#length + shape.payloadLength > longest) return false
    if (!this.#isTcp && this.#segments === mostDatagrams) return false
    if (!this.#continues(shape.offset)) return false
    if (!this.#verifyFirst()) return false
    // Checked while it is copied: the result gets a checksum of its own, which must not hide a wrong one.
    const { offset, headerLength, payloadLength } = shape
    const end = this.#at + this.#length
    const payloadSum = this.#arena.copySum(end, offset + headerLength, payloadLength)
    const headerSum = this.#arena.sum(offset + this.#transportAt, headerLength - this.#transportAt)
    if (fold(this.#pseudoSum(offset, shape.length) + headerSum + payloadSum) !== 0xffff) return false
    this.#length += payloadLength
    this.#segments++
    if (shape.flags & push) {
      const flagsAt = this.#at + this.#transportAt + 13
      this.#arena.bytes[flagsAt] = (this.#arena.bytes[flagsAt] ?? 0) | push
    }
    this.#open = payloadLength === this.#segmentSize && (shape.flags & push) === 0
    return true
  }

  /** Writes the headers for the kernel. Then `size` bytes from `start` are to be written. */
  finish(): void {
    if (this.#segments === 1) {
      writeVirtioHeader(this.#arena, this.start, plainPacket)
      return
    }
    const { view } = this.#arena
    const at = this.#at
    const transport = at + this.#transportAt
    if (this.#isIpv4) {
      view.setUint16(at + 2, this.#length)
      view.setUint16(at + 10, 0)
      view.setUint16(at + 10, ~this.#arena.sum(at, 20) & 0xffff)
    } else {
      view.setUint16(at + 4, this.#length - 40)
    }
    if (!this.#isTcp) view.setUint16(transport + 4, this.#length - this.#transportAt)
    const checksumOffset = this.#isTcp ? 16 : 6
    view.setUint16(transport + checksumOffset, this.#pseudoSum(at, this.#length))
    writeVirtioHeader(this.#arena, this.start, {
      flags: needsChecksum,
      gsoType: this.#isTcp ? (this.#isIpv4 ? gsoTcp4 : gsoTcp6) : gsoUdp,
      headerLength: this.#headerLength,
      gsoSize: this.#segmentSize,
      checksumStart: this.#transportAt,
      checksumOffset,
    })
  }

  /** Forgets the packet. */
  clear(): void {
    this.#segments = 0
  }

  #verifyFirst(): boolean {
    if (this.#verified) return true
    const length = this.#length
    const sum = this.#arena.sum(this.#at + this.#transportAt, length - this.#transportAt)
    this.#verified = fold(this.#pseudoSum(this.#at, length) + sum) === 0xffff
    this.#open = this.#verified
    return this.#verified
  }

  /** Whether all header fields that cutting copies or counts up are as cutting would make them. */
  #continues(other: number): boolean {
    const { view } = this.#arena
    const at = this.#at
    if (this.#isIpv4) {
      // Version, length and TOS; flags and fragment offset; TTL and protocol.
      if (view.getUint16(at) !== view.getUint16(other)) return false
      if (
        view.getUint16(at + 6) !== view.getUint16(other + 6) ||
        view.getUint16(at + 8) !== view.getUint16(other + 8)
      ) {
        return false
      }
      if (!this.#identificationContinues(view.getUint16(at + 4), view.getUint16(other + 4))) return false
    } else if (
      view.getUint32(at) !== view.getUint32(other) ||
      view.getUint16(at + 6) !== view.getUint16(other + 6)
    ) {
      // Version, traffic class and flow label; next header and hop limit.
      return false
    }
    return !this.#isTcp || this.#tcpContinues(other + this.#transportAt)
  }

  /** Counted up by one, or, for packets that may not be fragmented and so need none (RFC 6864, 4.1), always the same. */
  #identificationContinues(first: number, other: number): boolean {
    if (other === ((first + this.#segments) & 0xffff)) return true
    const dontFragment = (this.#arena.view.getUint16(this.#at + 6) & 0x4000) !== 0
    return dontFragment && other === first
  }

  #tcpContinues(other: number): boolean {
    const { view } = this.#arena
    const at = this.#at + this.#transportAt
    const sequence = (view.getUint32(at + 4) + this.#length - this.#headerLength) >>> 0
    if (view.getUint32(other + 4) !== sequence) return false
    // Acknowledgement; window; urgent pointer; options (timestamps).
    if (view.getUint32(at + 8) !== view.getUint32(other + 8)) return false
    if (view.getUint16(at + 14) !== view.getUint16(other + 14)) return false
    if (view.getUint16(at + 18) !== view.getUint16(other + 18)) return false
    for (let option = 20; option < this.#headerLength - this.#transportAt; option += 4) {
      if (view.getUint32(at + option) !== view.getUint32(other + option)) return false
    }
    return true
  }

  /** Sum of the pseudo header of the packet at `at` (RFC 9293, 3.1; RFC 8200, 8.1). */
  #pseudoSum(at: number, length: number): number {
    const transportLength = length - this.#transportAt
    const addresses = this.#isIpv4 ? this.#arena.sum(at + 12, 8) : this.#arena.sum(at + 8, 32)
    return fold(addresses + transportLength + (this.#isTcp ? 6 : 17))
  }
}

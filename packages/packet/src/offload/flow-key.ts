import type { Arena } from '../arena/arena.ts'

const protocolTcp = 6
const protocolUdp = 17
const ack = 0x10
const push = 0x08

/** What a packet is to a coalescer. */
export type PacketClass =
  /** Carries data of a TCP or UDP flow and may be joined with its neighbours. */
  | 'data'
  /** Belongs to a TCP or UDP flow, so it must not overtake or be overtaken, but cannot be joined. */
  | 'lone'
  /** Anything else that has no order to keep. */
  | 'other'
  /** A fragment or something unreadable: nothing may overtake it. */
  | 'barrier'

/** A packet's headers, found once. One object is reused for all packets. */
export class PacketShape {
  offset = 0
  length = 0
  isIpv4 = false
  isTcp = false
  /** Start of the transport header, from the start of the packet. */
  transportAt = 0
  /** Length of all headers. */
  headerLength = 0
  payloadLength = 0
  /** TCP flags. */
  flags = 0

  /** Reads the headers of the IP packet at `offset`. */
  read({ bytes, view }: Arena, offset: number, length: number): PacketClass {
    this.offset = offset
    this.length = length
    if (length < 20) return 'barrier'
    const version = (bytes[offset] ?? 0) >> 4
    let protocol: number
    if (version === 4) {
      if (view.getUint16(offset + 2) !== length) return 'barrier'
      // Fragments, and options, which Linux does not join either.
      if ((view.getUint16(offset + 6) & 0x3fff) !== 0 || bytes[offset] !== 0x45) return 'barrier'
      protocol = bytes[offset + 9] ?? 0
      this.isIpv4 = true
      this.transportAt = 20
    } else {
      if (version !== 6 || length < 40 || view.getUint16(offset + 4) + 40 !== length) return 'barrier'
      protocol = bytes[offset + 6] ?? 0
      this.isIpv4 = false
      this.transportAt = 40
    }
    if (protocol === protocolTcp) return this.#readTcp(bytes, length)
    if (protocol === protocolUdp) return this.#readUdp(view, length)
    // Extension headers may hide a fragment or a flow.
    return !this.isIpv4 && protocol !== 58 ? 'barrier' : 'other'
  }

  #readTcp(bytes: Uint8Array, length: number): PacketClass {
    const transport = this.offset + this.transportAt
    if (length < this.transportAt + 20) return 'barrier'
    this.isTcp = true
    this.headerLength = this.transportAt + ((bytes[transport + 12] ?? 0) >> 4) * 4
    this.payloadLength = length - this.headerLength
    this.flags = bytes[transport + 13] ?? 0
    if (this.headerLength < this.transportAt + 20 || this.payloadLength < 0) return 'barrier'
    return this.payloadLength > 0 && (this.flags & ~push) === ack ? 'data' : 'lone'
  }

  #readUdp(view: DataView, length: number): PacketClass {
    const transport = this.offset + this.transportAt
    if (length < this.transportAt + 8) return 'barrier'
    this.isTcp = false
    this.headerLength = this.transportAt + 8
    this.payloadLength = length - this.headerLength
    this.flags = 0
    // A datagram without a checksum would get one on the way.
    const whole = view.getUint16(transport + 4) === length - this.transportAt
    return whole && this.payloadLength > 0 && view.getUint16(transport + 6) !== 0 ? 'data' : 'lone'
  }
}

/** Whether two packets of the same shape have equal addresses and ports. Both start with an IP header. */
export function sameFlow({ view }: Arena, a: number, b: number, isIpv4: boolean): boolean {
  if (isIpv4) {
    return (
      view.getUint32(a + 20) === view.getUint32(b + 20) &&
      view.getUint32(a + 12) === view.getUint32(b + 12) &&
      view.getUint32(a + 16) === view.getUint32(b + 16)
    )
  }
  if (view.getUint32(a + 40) !== view.getUint32(b + 40)) return false
  for (let at = 8; at < 40; at += 4) {
    if (view.getUint32(a + at) !== view.getUint32(b + at)) return false
  }
  return true
}

import type { Arena } from '../arena/arena.ts'
import { fold } from '../headers/checksum.ts'
import { gsoEcn, gsoTcp4, gsoTcp6, gsoUdp, needsChecksum, type VirtioHeader } from './virtio-header.ts'

const tcpChecksumAt = 16
const udpChecksumAt = 6
const tcpFlagsAt = 13
const finAndPush = 0x09
const cwr = 0x80
/** The longest headers that are cut: IPv4 with options and TCP with options are 120; IPv6 extensions may add to that. */
export const headerRoom = 512

/**
 * Cuts a long TCP or UDP packet (TSO, USO) into packets as the kernel would (net/ipv4/tcp_offload.c, udp_offload.c,
 * af_inet.c), one at a time and in place: each header is written directly before its payload, over the end of the packet
 * before, which must have been dealt with by then.
 */
export class Segmenter {
  readonly #arena: Arena
  /** A copy of the headers as they came. */
  readonly #headers: number
  #headerLength = 0
  #transportAt = 0
  #payload = 0
  #end = 0
  #segmentSize = 0
  #index = 0
  #isTcp = false
  #isIpv4 = false
  #firstOnlyCwr = false
  /** Sum of the pseudo header without the length. */
  #pseudoSum = 0
  #sequence = 0
  #flags = 0
  #identification = 0
  /** Sum of the IPv4 header without length, identification and checksum. */
  #ipSum = 0

  /** Where the packet last cut lies. */
  offset = 0
  length = 0

  constructor(arena: Arena) {
    this.#arena = arena
    this.#headers = arena.allocate(headerRoom)
  }

  /**
   * Takes a long packet.
   *
   * @param offset of its IP header
   * @returns false when the description does not fit the packet
   */
  begin(offset: number, length: number, header: VirtioHeader): boolean {
    const { bytes, view } = this.#arena
    const type = header.gsoType & ~gsoEcn
    this.#isTcp = type === gsoTcp4 || type === gsoTcp6
    if (!this.#isTcp && type !== gsoUdp) return false
    this.#isIpv4 = (bytes[offset] ?? 0) >> 4 === 4
    if (type === gsoTcp4 ? !this.#isIpv4 : type === gsoTcp6 && this.#isIpv4) return false

    const transport = header.checksumStart
    const leastTransport = this.#isTcp ? 20 : 8
    if ((header.flags & needsChecksum) === 0 || header.gsoSize === 0) return false
    if (header.checksumOffset !== (this.#isTcp ? tcpChecksumAt : udpChecksumAt)) return false
    if (transport < (this.#isIpv4 ? 20 : 40) || transport + leastTransport >= length) return false
    const headerLength = transport + (this.#isTcp ? ((bytes[offset + transport + 12] ?? 0) >> 4) * 4 : 8)
    if (headerLength < transport + leastTransport || headerLength >= length || headerLength > headerRoom)
      return false

    const transportLength = length - transport
    const checksum = view.getUint16(offset + transport + header.checksumOffset)
    this.#pseudoSum = fold(checksum + (~transportLength & 0xffff))
    view.setUint16(offset + transport + header.checksumOffset, 0)
    if (this.#isTcp) {
      // Signed: from 2^31 on V8 would keep it in another way, and throw away whatever was compiled for this object.
      this.#sequence = view.getInt32(offset + transport + 4)
      this.#flags = bytes[offset + transport + tcpFlagsAt] ?? 0
    }
    if (this.#isIpv4) {
      this.#identification = view.getUint16(offset + 4)
      view.setUint32(offset + 2, 0)
      view.setUint16(offset + 10, 0)
      this.#ipSum = this.#arena.sum(offset, ((bytes[offset] ?? 0) & 0xf) * 4)
    }
    this.#arena.copySum(this.#headers, offset, headerLength)
    this.#firstOnlyCwr = (header.gsoType & gsoEcn) !== 0 || (this.#flags & cwr) !== 0
    this.#headerLength = headerLength
    this.#transportAt = transport
    this.#payload = offset + headerLength
    this.#end = offset + length
    this.#segmentSize = header.gsoSize
    this.#index = 0
    return true
  }

  /** Cuts the next packet: {@link offset} and {@link length}. @returns false when there is none */
  next(): boolean {
    const payload = this.#payload
    const payloadLength = Math.min(this.#segmentSize, this.#end - payload)
    if (payloadLength <= 0) return false
    const arena = this.#arena
    const at = payload - this.#headerLength
    if (this.#index > 0) arena.copySum(at, this.#headers, this.#headerLength)
    this.offset = at
    this.length = this.#headerLength + payloadLength
    this.#payload = payload + payloadLength
    this.#finishIp(at)
    if (this.#isTcp) this.#finishTcp(at + this.#transportAt, this.#payload === this.#end)
    else arena.view.setUint16(at + this.#transportAt + 4, this.length - this.#transportAt)
    this.#finishChecksum(at + this.#transportAt, this.length - this.#transportAt)
    this.#index++
    return true
  }

  #finishIp(at: number): void {
    const { view } = this.#arena
    if (!this.#isIpv4) {
      view.setUint16(at + 4, this.length - 40)
      return
    }
    const identification = (this.#identification + this.#index) & 0xffff
    view.setUint16(at + 2, this.length)
    view.setUint16(at + 4, identification)
    view.setUint16(at + 10, ~fold(this.#ipSum + this.length + identification) & 0xffff)
  }

  #finishTcp(at: number, last: boolean): void {
    const { view } = this.#arena
    let flags = this.#flags
    if (!last) flags &= ~finAndPush
    if (this.#index > 0 && this.#firstOnlyCwr) flags &= ~cwr
    view.setUint32(at + 4, this.#sequence + this.#index * this.#segmentSize)
    view.setUint8(at + tcpFlagsAt, flags)
  }

  #finishChecksum(at: number, length: number): void {
    const arena = this.#arena
    const sum = fold(this.#pseudoSum + length + arena.sum(at, length))
    const checksum = ~sum & 0xffff
    // RFC 768: 0 would say "no checksum".
    arena.view.setUint16(
      at + (this.#isTcp ? tcpChecksumAt : udpChecksumAt),
      checksum === 0 && !this.#isTcp ? 0xffff : checksum,
    )
  }
}

/**
 * Completes the checksum of a packet that came with {@link needsChecksum}, as skb_checksum_help (net/core/dev.c).
 *
 * @returns false when the description does not fit the packet
 */
export function completeChecksum(
  arena: Arena,
  offset: number,
  length: number,
  header: VirtioHeader,
): boolean {
  const { checksumStart: start, checksumOffset } = header
  if (start < 20 || start + checksumOffset + 2 > length) return false
  const checksum = ~arena.sum(offset + start, length - start) & 0xffff
  arena.view.setUint16(offset + start + checksumOffset, checksum === 0 ? 0xffff : checksum)
  return true
}

import { addressBytes, checkField, copyOf, viewOf } from './byte-view.ts'
import { fold, onesSum } from './checksum.ts'
import { formatIpv4, type Ipv4Header, parseIpv4 } from './ipv4-header.ts'
import { finalDestination, formatIpv6, type Ipv6Header, parseIpv6 } from './ipv6-header.ts'
import { protocolNumber } from './protocol-number.ts'
import { formatTcp, parseTcp, type TcpHeader } from './tcp-header.ts'

/** What an IP packet carries. */
export type IpPayload =
  | { readonly kind: 'tcp'; readonly header: TcpHeader; readonly data: Uint8Array }
  | {
      readonly kind: 'udp'
      readonly sourcePort: number
      readonly destinationPort: number
      readonly data: Uint8Array
    }
  /** ICMP in IPv4, ICMPv6 in IPv6. `rest`: the four bytes behind the checksum, as a number. */
  | {
      readonly kind: 'icmp'
      readonly type: number
      readonly code: number
      readonly rest: number
      readonly data: Uint8Array
    }
  /** Another protocol, a piece of a fragmented packet, or a header that is cut. */
  | { readonly kind: 'other'; readonly data: Uint8Array }

export interface IpPacket {
  readonly ip: Ipv4Header | Ipv6Header
  readonly payload: IpPayload
}

/** A packet that was read. */
export interface ParsedPacket extends IpPacket {
  /** Whether the checksums of the IPv4 header and of TCP, UDP or ICMP are right; UDP over IPv4 may go without. */
  readonly checksumsAreRight: boolean
}

/**
 * Reads an IP packet. For tools, tests and rare packets: it makes objects.
 *
 * @param bytes from the IP header on; bytes behind the packet's end are not looked at
 * @returns undefined when it is no IPv4 or IPv6 packet, or its IP headers are cut
 */
export function parsePacket(bytes: Uint8Array): ParsedPacket | undefined {
  const v4 = parseIpv4(bytes)
  if (v4 !== undefined) {
    const { header } = v4
    const data = bytes.subarray(v4.headerLength, v4.totalLength)
    const isFragment = header.moreFragments || header.fragmentOffset > 0
    return finish(header, header.protocol, data, isFragment, v4.checksumIsRight)
  }
  const v6 = parseIpv6(bytes)
  if (v6 === undefined) return undefined
  const data = bytes.subarray(v6.headerLength, v6.totalLength)
  const isFragment = v6.fragment !== undefined && (v6.fragment.moreFragments || v6.fragment.offset > 0)
  return finish(v6.header, v6.header.protocol, data, isFragment, true)
}

/**
 * Writes an IP packet, with all lengths and checksums.
 *
 * @throws RangeError naming the field that does not fit
 */
export function formatPacket({ ip, payload }: IpPacket): Uint8Array {
  const transport = formatTransport(payload)
  const header = ip.family === 4 ? formatIpv4(ip, transport.length) : formatIpv6(ip, transport.length)
  const checksumAt = checksumOffsets[payload.kind]
  if (checksumAt !== undefined) {
    const checksum = ~transportSum(ip, transport) & 0xffff
    viewOf(transport).setUint16(checksumAt, checksum === 0 && payload.kind === 'udp' ? 0xffff : checksum)
  }
  const packet = new Uint8Array(header.length + transport.length)
  packet.set(header)
  packet.set(transport, header.length)
  return packet
}

function finish(
  ip: Ipv4Header | Ipv6Header,
  protocol: number,
  transport: Uint8Array,
  isFragment: boolean,
  headerIsRight: boolean,
): ParsedPacket {
  const payload = isFragment ? undefined : parseTransport(ip.family, protocol, transport)
  if (payload === undefined) {
    return { ip, payload: { kind: 'other', data: copyOf(transport, 0) }, checksumsAreRight: headerIsRight }
  }
  const without = payload.kind === 'udp' && ip.family === 4 && viewOf(transport).getUint16(6) === 0
  const length = payload.kind === 'udp' ? viewOf(transport).getUint16(4) : transport.length
  const right = without || transportSum(ip, transport.subarray(0, length)) === 0xffff
  return { ip, payload, checksumsAreRight: headerIsRight && right }
}

function parseTransport(family: 4 | 6, protocol: number, bytes: Uint8Array): IpPayload | undefined {
  const view = viewOf(bytes)
  if (protocol === protocolNumber.tcp) {
    const tcp = parseTcp(bytes)
    return tcp && { kind: 'tcp', header: tcp.header, data: copyOf(bytes, tcp.headerLength) }
  }
  if (bytes.length < 8) return undefined
  if (protocol === protocolNumber.udp) {
    const length = view.getUint16(4)
    if (length < 8 || length > bytes.length) return undefined
    return {
      kind: 'udp',
      sourcePort: view.getUint16(0),
      destinationPort: view.getUint16(2),
      data: copyOf(bytes, 8, length),
    }
  }
  if (protocol !== (family === 4 ? protocolNumber.icmp : protocolNumber.icmpv6)) return undefined
  const [type, code, rest] = [view.getUint8(0), view.getUint8(1), view.getUint32(4)]
  return { kind: 'icmp', type, code, rest, data: copyOf(bytes, 8) }
}

function formatTransport(payload: IpPayload): Uint8Array {
  const { data } = payload
  if (payload.kind === 'other') return copyOf(data, 0)
  if (payload.kind === 'tcp') return Buffer.concat([formatTcp(payload.header), data])
  const bytes = new Uint8Array(8 + data.length)
  const view = viewOf(bytes)
  if (payload.kind === 'udp') {
    view.setUint16(0, checkField(payload.sourcePort, 16, 'sourcePort'))
    view.setUint16(2, checkField(payload.destinationPort, 16, 'destinationPort'))
    view.setUint16(4, checkField(bytes.length, 16, 'data'))
  } else {
    view.setUint8(0, checkField(payload.type, 8, 'type'))
    view.setUint8(1, checkField(payload.code, 8, 'code'))
    view.setUint32(4, checkField(payload.rest, 32, 'rest'))
  }
  bytes.set(data, 8)
  return bytes
}

/** Where the checksum lies in the transport header. */
const checksumOffsets: Readonly<Record<IpPayload['kind'], number | undefined>> = {
  tcp: 16,
  udp: 6,
  icmp: 2,
  other: undefined,
}

/** Sum of the transport header and data, with the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1), which ICMP of IPv4 lacks. */
function transportSum(ip: Ipv4Header | Ipv6Header, transport: Uint8Array): number {
  const sum = onesSum(viewOf(transport), 0, transport.length)
  if (ip.family === 4 && ip.protocol === protocolNumber.icmp) return sum
  const { family } = ip
  const source = viewOf(addressBytes(ip.source, family, 'source'))
  const destination = viewOf(
    addressBytes(ip.family === 4 ? ip.destination : finalDestination(ip), family, 'destination'),
  )
  const addresses = onesSum(destination, 0, destination.byteLength, onesSum(source, 0, source.byteLength))
  return fold(sum + addresses + transport.length + ip.protocol)
}

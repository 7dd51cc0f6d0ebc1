import { viewOf } from './byte-view.ts'
import { parseIpv4 } from './ipv4-header.ts'
import { parseIpv6 } from './ipv6-header.ts'
import { formatPacket } from './ip-packet.ts'
import { protocolNumber } from './protocol-number.ts'

/** The longest ICMP error: RFC 1812, 4.3.2.3, and RFC 4443, 2.4 (c). */
const longest4 = 576
const longest6 = 1280

export interface TooBigOptions {
  /** Who says it. Default: the packet's destination, which every host takes an answer from. */
  readonly from?: string
}

/**
 * The answer to a packet that is too long for the way on: ICMP "fragmentation needed" with the next hop's MTU (RFC 1191)
 * or ICMPv6 "packet too big" (RFC 4443, 3.2), which the sender needs for path MTU discovery.
 *
 * @param packet the whole packet
 * @param mtu of the way on, 68 to 65535; IPv6 senders take what is below 1280 as 1280
 * @returns an IP packet for the sender; undefined when no answer may be sent: an IPv4 packet that may be fragmented, an
 * ICMP error, a later fragment, a sender that is no single host, no IP packet (RFC 1122, 3.2.2; RFC 4443, 2.4 (e))
 * @throws RangeError for an MTU outside
 */
export function packetTooBig(
  packet: Uint8Array,
  mtu: number,
  options: TooBigOptions = {},
): Uint8Array | undefined {
  if (!Number.isInteger(mtu) || mtu < 68 || mtu > 65535) throw new RangeError(`mtu: ${mtu}`)
  return (packet[0] ?? 0) >> 4 === 4 ? tooBig4(packet, mtu, options) : tooBig6(packet, mtu, options)
}

function tooBig4(packet: Uint8Array, mtu: number, { from }: TooBigOptions): Uint8Array | undefined {
  const parsed = parseIpv4(packet)
  if (parsed === undefined) return undefined
  const { header, headerLength, totalLength } = parsed
  if (!header.dontFragment || header.fragmentOffset > 0 || !isHost(packet.subarray(12, 16), header.source))
    return undefined
  if (header.protocol === protocolNumber.icmp && isIcmpError(packet[headerLength])) return undefined
  return formatPacket({
    ip: {
      family: 4,
      // RFC 1812, 4.3.2.5: internetwork control.
      trafficClass: 0xc0,
      identification: 0,
      dontFragment: false,
      moreFragments: false,
      fragmentOffset: 0,
      hopLimit: 64,
      protocol: protocolNumber.icmp,
      source: from ?? header.destination,
      destination: header.source,
      options: new Uint8Array(0),
    },
    payload: {
      kind: 'icmp',
      type: 3,
      code: 4,
      rest: mtu,
      data: packet.subarray(0, Math.min(totalLength, longest4 - 28)),
    },
  })
}

function tooBig6(packet: Uint8Array, mtu: number, { from }: TooBigOptions): Uint8Array | undefined {
  const parsed = parseIpv6(packet)
  if (parsed === undefined) return undefined
  const { header, headerLength, totalLength } = parsed
  if ((parsed.fragment?.offset ?? 0) > 0 || packet[8] === 0xff || header.source === '::') return undefined
  if (header.protocol === protocolNumber.icmpv6 && (packet[headerLength] ?? 0) < 128) return undefined
  // Even a multicast packet is answered (RFC 4443, 2.4 (e.3)), but not from a multicast address.
  const source = from ?? header.destination
  if (from === undefined && packet[24] === 0xff) return undefined
  return formatPacket({
    ip: {
      family: 6,
      trafficClass: 0,
      flowLabel: 0,
      hopLimit: 64,
      source,
      destination: header.source,
      extensions: [],
      protocol: protocolNumber.icmpv6,
    },
    payload: {
      kind: 'icmp',
      type: 2,
      code: 0,
      rest: mtu,
      data: packet.subarray(0, Math.min(totalLength, longest6 - 48)),
    },
  })
}

/** Neither 0.0.0.0/8, loopback, multicast nor broadcast. */
function isHost(address: Uint8Array, text: string): boolean {
  const first = viewOf(address).getUint8(0)
  return first !== 0 && first !== 127 && first < 224 && text !== '255.255.255.255'
}

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
function isIcmpError(type: number | undefined): boolean {
  return type === 3 || type === 4 || type === 5 || type === 11 || type === 12
}

import { addressFromBytes, formatAddress } from '@vpnext/ip'

/** What a captured packet is about. */
export interface PacketSummary {
  /** `other`: no IP packet, or one whose header is cut or wrong. */
  readonly family: 4 | 6 | 'other'
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `ip-<number>`; `arp`, `ether-0x88cc` or `malformed` when the family is `other`. */
  readonly protocol: string
  /** Without a zone; `''` when the family is `other`. */
  readonly source: string
  readonly destination: string
  /** 0 when the protocol has no ports, and in every fragment but the first. */
  readonly sourcePort: number
  readonly destinationPort: number
  /** Whether it is a piece of a larger packet. */
  readonly fragment: boolean
  /** Bytes from the network header on. More than the MTU when the kernel left the cutting to the link (TSO, GSO). */
  readonly length: number
}

const protocols: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
])
const withPorts: ReadonlySet<number> = new Set([6, 17, 33, 132, 136])

/**
 * Reads the headers of an IP packet.
 *
 * @param packet from the IP header on; the first 256 bytes are enough
 * @param length bytes the packet really had
 */
export function summarizeIp(packet: Uint8Array, length: number = packet.length): PacketSummary {
  const view = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength)
  const version = (view[0] ?? 0) >> 4
  if (version === 4 && view.length >= 20) return summarizeIpv4(view, length)
  if (version === 6 && view.length >= 40) return summarizeIpv6(view, length)
  return otherPacket('malformed', length)
}

/** The summary of what is no IP packet. */
export function otherPacket(protocol: string, length: number): PacketSummary {
  const none = { source: '', destination: '', sourcePort: 0, destinationPort: 0 }
  return { family: 'other', protocol, ...none, fragment: false, length }
}

/** RFC 791 */
function summarizeIpv4(view: Buffer, length: number): PacketSummary {
  const fragmentField = view.readUInt16BE(6) & 0x3fff // more fragments, offset
  const first = (fragmentField & 0x1fff) === 0
  const protocol = view.readUInt8(9)
  return {
    family: 4,
    protocol: protocols.get(protocol) ?? `ip-${protocol}`,
    source: addressText(view.subarray(12, 16)),
    destination: addressText(view.subarray(16, 20)),
    ...portsAt(view, protocol, first ? (view.readUInt8(0) & 0xf) * 4 : undefined),
    fragment: fragmentField !== 0,
    length,
  }
}

/** RFC 8200 */
function summarizeIpv6(view: Buffer, length: number): PacketSummary {
  const { protocol, offset, fragment } = skipExtensions(view)
  return {
    family: 6,
    protocol: protocols.get(protocol) ?? `ip-${protocol}`,
    source: addressText(view.subarray(8, 24)),
    destination: addressText(view.subarray(24, 40)),
    ...portsAt(view, protocol, offset),
    fragment,
    length,
  }
}

/** Walks the extension headers: what comes after them, and where, if it is there at all. */
function skipExtensions(view: Buffer): { protocol: number; offset: number | undefined; fragment: boolean } {
  let protocol = view.readUInt8(6)
  let offset = 40
  let fragment = false
  for (;;) {
    const size = view[offset + 1] ?? 0
    switch (protocol) {
      case 0: // hop by hop
      case 43: // routing
      case 60: // destination options
        protocol = view[offset] ?? 59
        offset += 8 * (size + 1)
        break
      case 51: // authentication, RFC 4302: in 4 bytes, minus 2
        protocol = view[offset] ?? 59
        offset += 4 * (size + 2)
        break
      case 44: {
        fragment = true
        const first = offset + 4 <= view.length && view.readUInt16BE(offset + 2) >> 3 === 0
        protocol = view[offset] ?? 59
        if (!first) return { protocol, offset: undefined, fragment }
        offset += 8
        break
      }
      default:
        return { protocol, offset, fragment }
    }
    if (offset >= view.length) return { protocol, offset: undefined, fragment }
  }
}

function portsAt(
  view: Buffer,
  protocol: number,
  offset: number | undefined,
): Pick<PacketSummary, 'sourcePort' | 'destinationPort'> {
  if (offset === undefined || !withPorts.has(protocol) || offset + 4 > view.length) {
    return { sourcePort: 0, destinationPort: 0 }
  }
  return { sourcePort: view.readUInt16BE(offset), destinationPort: view.readUInt16BE(offset + 2) }
}

function addressText(bytes: Uint8Array): string {
  return formatAddress(addressFromBytes(bytes))
}

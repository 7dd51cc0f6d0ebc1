import { addressBytes, addressText, checkField, copyOf, viewOf } from './byte-view.ts'
import { protocolNumber } from './protocol-number.ts'

/** An extension header (RFC 8200, 4): its own number and all its bytes, of which the first names the next header. */
export interface Ipv6Extension {
  readonly number: number
  /** Its first byte is not looked at when it is written. */
  readonly bytes: Uint8Array
}

/** An IPv6 header (RFC 8200) with its extension headers. */
export interface Ipv6Header {
  readonly family: 6
  readonly trafficClass: number
  /** 20 bits. */
  readonly flowLabel: number
  readonly hopLimit: number
  readonly source: string
  readonly destination: string
  readonly extensions: readonly Ipv6Extension[]
  /** What follows the extension headers. */
  readonly protocol: number
}

/** What a fragment extension header says (RFC 8200, 4.5). */
export interface Ipv6Fragment {
  /** In bytes. */
  readonly offset: number
  readonly moreFragments: boolean
  readonly identification: number
}

export interface ParsedIpv6 {
  readonly header: Ipv6Header
  /** With extension headers. */
  readonly headerLength: number
  /** Of the packet, by its header. */
  readonly totalLength: number
  readonly fragment: Ipv6Fragment | undefined
}

const fixedLength = 40

/**
 * Reads the IPv6 header at the start of `bytes`, and its extension headers. After a fragment header of a later fragment
 * there is no further header: the rest is payload.
 *
 * @returns undefined when a header is cut, or more bytes are promised than there are. Jumbograms are not read.
 */
export function parseIpv6(bytes: Uint8Array): ParsedIpv6 | undefined {
  if (bytes.length < fixedLength || (bytes[0] ?? 0) >> 4 !== 6) return undefined
  const view = viewOf(bytes)
  const totalLength = fixedLength + view.getUint16(4)
  if (totalLength > bytes.length) return undefined
  const extensions: Ipv6Extension[] = []
  let protocol = view.getUint8(6)
  let at = fixedLength
  let fragment: Ipv6Fragment | undefined
  while (isExtension(protocol) && (fragment === undefined || fragment.offset === 0)) {
    if (at + 8 > totalLength) return undefined
    const length = extensionLength(protocol, view.getUint8(at + 1))
    if (at + length > totalLength) return undefined
    if (protocol === protocolNumber.fragment) fragment = readFragment(view, at)
    extensions.push({ number: protocol, bytes: copyOf(bytes, at, at + length) })
    protocol = view.getUint8(at)
    at += length
  }
  return {
    headerLength: at,
    totalLength,
    fragment,
    header: {
      family: 6,
      trafficClass: (view.getUint16(0) >> 4) & 0xff,
      flowLabel: view.getUint32(0) & 0xfffff,
      hopLimit: view.getUint8(7),
      source: addressText(bytes.subarray(8, 24)),
      destination: addressText(bytes.subarray(24, 40)),
      extensions,
      protocol,
    },
  }
}

/**
 * Writes an IPv6 header with its extension headers, and links them.
 *
 * @param payloadLength bytes that follow the headers
 * @throws RangeError naming the field that does not fit
 */
export function formatIpv6(header: Ipv6Header, payloadLength: number): Uint8Array {
  const { extensions } = header
  const extensionBytes = extensions.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const bytes = new Uint8Array(fixedLength + extensionBytes)
  const view = viewOf(bytes)
  const trafficClass = checkField(header.trafficClass, 8, 'trafficClass')
  view.setUint32(0, 0x60000000 | (trafficClass << 20) | checkField(header.flowLabel, 20, 'flowLabel'))
  view.setUint16(4, checkField(extensionBytes + payloadLength, 16, 'payloadLength'))
  view.setUint8(7, checkField(header.hopLimit, 8, 'hopLimit'))
  bytes.set(addressBytes(header.source, 6, 'source'), 8)
  bytes.set(addressBytes(header.destination, 6, 'destination'), 24)
  let nextAt = 6
  let at = fixedLength
  for (const [index, extension] of extensions.entries()) {
    const { number, bytes: content } = extension
    const length = content.length < 8 ? 0 : extensionLength(number, content[1] ?? 0)
    if (!isExtension(number) || length !== content.length) throw new RangeError(`extensions[${index}]`)
    view.setUint8(nextAt, number)
    bytes.set(content, at)
    nextAt = at
    at += length
  }
  view.setUint8(nextAt, checkField(header.protocol, 8, 'protocol'))
  return bytes
}

/**
 * Where the packet ends up, which is what checksums cover (RFC 8200, 8.1): with a routing header that is not used up, the
 * last address of it. Known are its types 0 (RFC 2460), 2 (RFC 6275) and 4 (RFC 8754).
 */
export function finalDestination(header: Ipv6Header): string {
  const routing = header.extensions.find(({ number }) => number === protocolNumber.routing)?.bytes
  if (routing === undefined || routing.length < 24 || routing[3] === 0) return header.destination
  switch (routing[2]) {
    case 0:
      return addressText(routing.subarray(-16))
    case 2:
    case 4:
      return addressText(routing.subarray(8, 24))
    default:
      return header.destination
  }
}

function isExtension(number: number): boolean {
  switch (number) {
    case protocolNumber.hopByHop:
    case protocolNumber.routing:
    case protocolNumber.fragment:
    case protocolNumber.authentication:
    case protocolNumber.destinationOptions:
      return true
    default:
      return false
  }
}

/** @param field the second byte of the header */
function extensionLength(number: number, field: number): number {
  if (number === protocolNumber.fragment) return 8
  // RFC 4302, 2.2: in words of 4 bytes, minus 2.
  if (number === protocolNumber.authentication) return (field + 2) * 4
  return (field + 1) * 8
}

function readFragment(view: DataView, at: number): Ipv6Fragment {
  const field = view.getUint16(at + 2)
  return { offset: field & 0xfff8, moreFragments: (field & 1) !== 0, identification: view.getUint32(at + 4) }
}

import { addressBytes, addressText, checkField, copyOf, viewOf } from './byte-view.ts'
import { internetChecksum } from './checksum.ts'

/** An IPv4 header (RFC 791), without lengths and checksum, which follow from the packet. */
export interface Ipv4Header {
  readonly family: 4
  /** DSCP and ECN, 8 bits. */
  readonly trafficClass: number
  readonly identification: number
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset: number
  readonly hopLimit: number
  readonly protocol: number
  readonly source: string
  readonly destination: string
  /** 0 to 40 bytes, a multiple of 4. */
  readonly options: Uint8Array
}

/** A header that was read, and where its payload is. */
export interface ParsedIpv4 {
  readonly header: Ipv4Header
  readonly headerLength: number
  /** Of the packet, by its header. */
  readonly totalLength: number
  readonly checksumIsRight: boolean
}

/**
 * Reads the IPv4 header at the start of `bytes`.
 *
 * @returns undefined when it is cut, contradicts itself, or promises more bytes than there are
 */
export function parseIpv4(bytes: Uint8Array): ParsedIpv4 | undefined {
  if (bytes.length < 20 || (bytes[0] ?? 0) >> 4 !== 4) return undefined
  const view = viewOf(bytes)
  const headerLength = (view.getUint8(0) & 0xf) * 4
  const totalLength = view.getUint16(2)
  if (headerLength < 20 || totalLength < headerLength || totalLength > bytes.length) return undefined
  const fragment = view.getUint16(6)
  return {
    headerLength,
    totalLength,
    checksumIsRight: internetChecksum(bytes.subarray(0, headerLength)) === 0,
    header: {
      family: 4,
      trafficClass: view.getUint8(1),
      identification: view.getUint16(4),
      dontFragment: (fragment & 0x4000) !== 0,
      moreFragments: (fragment & 0x2000) !== 0,
      fragmentOffset: (fragment & 0x1fff) * 8,
      hopLimit: view.getUint8(8),
      protocol: view.getUint8(9),
      source: addressText(bytes.subarray(12, 16)),
      destination: addressText(bytes.subarray(16, 20)),
      options: copyOf(bytes, 20, headerLength),
    },
  }
}

/**
 * Writes an IPv4 header, with its checksum.
 *
 * @param payloadLength bytes that follow the header
 * @throws RangeError naming the field that does not fit
 */
export function formatIpv4(header: Ipv4Header, payloadLength: number): Uint8Array {
  const { options } = header
  if (options.length > 40 || options.length % 4 !== 0)
    throw new RangeError(`options: ${options.length} bytes`)
  if (header.fragmentOffset % 8 !== 0) throw new RangeError(`fragmentOffset: ${header.fragmentOffset}`)
  const bytes = new Uint8Array(20 + options.length)
  const view = viewOf(bytes)
  view.setUint8(0, 0x40 | (bytes.length / 4))
  view.setUint8(1, checkField(header.trafficClass, 8, 'trafficClass'))
  view.setUint16(2, checkField(bytes.length + payloadLength, 16, 'payloadLength'))
  view.setUint16(4, checkField(header.identification, 16, 'identification'))
  view.setUint16(
    6,
    (header.dontFragment ? 0x4000 : 0) |
      (header.moreFragments ? 0x2000 : 0) |
      checkField(header.fragmentOffset / 8, 13, 'fragmentOffset'),
  )
  view.setUint8(8, checkField(header.hopLimit, 8, 'hopLimit'))
  view.setUint8(9, checkField(header.protocol, 8, 'protocol'))
  bytes.set(addressBytes(header.source, 4, 'source'), 12)
  bytes.set(addressBytes(header.destination, 4, 'destination'), 16)
  bytes.set(options, 20)
  view.setUint16(10, internetChecksum(bytes))
  return bytes
}

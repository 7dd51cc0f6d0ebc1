import type { Family } from '@vpnext/ip'

/** Where the addresses of an IP packet begin, bytes from its own beginning. */
export interface AddressOffsets {
  readonly family: Family
  readonly source: number
  readonly destination: number
}

const ipv4: AddressOffsets = { family: 4, source: 12, destination: 16 } // RFC 791 section 3.1
const ipv6: AddressOffsets = { family: 6, source: 8, destination: 24 } // RFC 8200 section 3
const ipv4HeaderLength = 20
const ipv6HeaderLength = 40

/** Where to look for addresses, by the version in the packet's first four bits. Check {@link innerLength} first. */
export function addressOffsets(bytes: Uint8Array, offset: number): AddressOffsets {
  return (bytes[offset] ?? 0) >> 4 === 6 ? ipv6 : ipv4
}

/**
 * The length that an IP packet gives itself, which excludes padding.
 *
 * @param available bytes at `offset`
 * @returns 0 for what is no IP packet, or not all of one
 */
export function innerLength(bytes: Uint8Array, offset: number, available: number): number {
  const version = (bytes[offset] ?? 0) >> 4
  if (version === 4 && available >= ipv4HeaderLength) {
    const length = readUint16(bytes, offset + 2)
    return length >= ipv4HeaderLength && length <= available ? length : 0
  }
  if (version === 6 && available >= ipv6HeaderLength) {
    const length = ipv6HeaderLength + readUint16(bytes, offset + 4)
    return length <= available ? length : 0
  }
  return 0
}

function readUint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0)
}

import { addressFromBytes, addressToBytes, formatAddress, parseAddress } from '@vpnext/ip'

/** Addresses that `ipv4only.arpa` has, and nobody else (RFC 7050 section 2.2), as text of bytes. */
const known = new Set(['192,0,0,170', '192,0,0,171'])

/** Where the bytes of an IPv4 address lie behind a prefix of so many bits (RFC 6052 section 2.2); byte 8 is always zero. */
const places: readonly (readonly number[])[] = [
  [12, 13, 14, 15],
  [9, 10, 11, 12],
  [7, 9, 10, 11],
  [6, 7, 9, 10],
  [5, 6, 7, 9],
  [4, 5, 6, 7],
]

/**
 * How an IPv4 address is reached in a network of IPv6 alone that translates (NAT64, DNS64): by the prefixes that its name server has put
 * before the addresses of `ipv4only.arpa` (RFC 7050).
 *
 * @param found all addresses that the name server gave for `ipv4only.arpa`
 * @param ipv4 as text
 * @returns as text, each once; none where the name server translates nothing
 */
export function nat64Addresses(found: readonly string[], ipv4: string): string[] {
  const wanted = parseAddress(ipv4)
  if (wanted?.family !== 4) return []
  const inner = addressToBytes(wanted)
  return [...new Set(found.flatMap((text) => translated(text, inner) ?? []))]
}

function translated(text: string, inner: Uint8Array): string | undefined {
  const address = parseAddress(text)
  if (address?.family !== 6) return undefined
  const bytes = addressToBytes(address)
  if (bytes[8] !== 0) return undefined
  const place = places.find((each) => known.has(each.map((index) => bytes[index]).join(',')))
  if (place === undefined) return undefined
  for (const [nth, index] of place.entries()) bytes[index] = inner[nth] ?? 0
  return formatAddress(addressFromBytes(bytes))
}

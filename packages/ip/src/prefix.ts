import { type Address, addressWidth, compareAddresses } from './address.ts'
import { formatAddress } from './format-address.ts'
import { parseAddress } from './parse-address.ts'

/**
 * A block of addresses that share their first `length` bits (RFC 4632). Plain data.
 *
 * `address` is the network address: every bit after `length` is zero. Make prefixes with {@link makePrefix} or
 * {@link parsePrefix}, which see to that.
 */
export interface Prefix {
  readonly address: Address
  /** Number of leading bits in common: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly length: number
}

/**
 * The prefix of `length` bits that contains `address`; host bits are masked off.
 *
 * @throws RangeError when `length` is no whole number from 0 to 32 (IPv4) or 128 (IPv6)
 */
export function makePrefix(address: Address, length: number): Prefix {
  const width = addressWidth(address.family)
  if (!Number.isInteger(length) || length < 0 || length > width) {
    throw new RangeError(`prefix length ${length} is not a whole number from 0 to ${width}`)
  }
  const hostBits = BigInt(width - length)
  return { address: { family: address.family, value: (address.value >> hostBits) << hostBits }, length }
}

/**
 * Reads `address/length`, for example `10.0.0.0/8`; host bits are masked off. The address is read as by
 * {@link parseAddress}; the length is a decimal number without sign or leading zeros.
 *
 * @returns the prefix, or `undefined` when the text is not one
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const lengthText = text.slice(slash + 1)
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(lengthText)) return undefined
  const address = parseAddress(text.slice(0, slash))
  const length = Number(lengthText)
  if (address === undefined || length > addressWidth(address.family)) return undefined
  return makePrefix(address, length)
}

/** The canonical text, for example `10.0.0.0/8` or `2001:db8::/32`. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address)}/${prefix.length}`
}

/** The lowest address of the prefix, its network address. */
export function firstAddress(prefix: Prefix): Address {
  return prefix.address
}

/** The highest address of the prefix; for IPv4 its broadcast address. */
export function lastAddress(prefix: Prefix): Address {
  const { family, value } = prefix.address
  const hostBits = BigInt(addressWidth(family) - prefix.length)
  return { family, value: value | ((1n << hostBits) - 1n) }
}

/** True when `address` lies in `prefix`; false when the families differ. */
export function prefixContains(prefix: Prefix, address: Address): boolean {
  if (prefix.address.family !== address.family) return false
  const hostBits = BigInt(addressWidth(address.family) - prefix.length)
  return address.value >> hostBits === prefix.address.value >> hostBits
}

/** True when every address of `inner` lies in `prefix`. A prefix covers itself. */
export function prefixCovers(prefix: Prefix, inner: Prefix): boolean {
  return inner.length >= prefix.length && prefixContains(prefix, inner.address)
}

/** True when both are the same prefix. */
export function prefixEquals(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && compareAddresses(a.address, b.address) === 0
}

/** Sort order: IPv4 before IPv6, then by network address, then the shorter prefix first. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  return compareAddresses(a.address, b.address) || a.length - b.length
}

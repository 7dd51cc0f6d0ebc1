import type { Address } from './address.ts'

/** Longest text inet_pton(3) accepts: six full groups and a dotted quad (INET6_ADDRSTRLEN without the NUL). */
const LONGEST_TEXT = 45

/**
 * Reads an IPv4 or IPv6 address exactly as inet_pton(3) does: four decimal numbers without leading zeros, or RFC 4291
 * section 2.2 in any of its three forms. No zone, no port, no prefix length, no `127.1`, no octal, no blanks.
 *
 * @param text any string, however long
 * @returns the address, or `undefined` when the text is not one
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  if (!text.includes(':')) {
    const value = parseQuad(text, 0)
    return value === undefined ? undefined : { family: 4, value: BigInt(value) }
  }
  return parseGroups(text) ? { family: 6, value: valueOfGroups() } : undefined
}

const DOT = 0x2e
const COLON = 0x3a

/** The eight 16-bit groups of the IPv6 text that is being read; one for all calls, because lists have thousands of addresses. */
const groups = new Uint16Array(8)

/** A double holds 48 bits exactly, and three BigInts are made faster than eight. */
function valueOfGroups(): bigint {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const high = BigInt((a * 0x10000 + b) * 0x10000 + c)
  const middle = BigInt((d * 0x10000 + e) * 0x10000 + f)
  return (high << 80n) | (middle << 32n) | BigInt(g * 0x10000 + h)
}

/** A dotted quad from `start` to the end of the text, as an unsigned 32-bit number. */
function parseQuad(text: string, start: number): number | undefined {
  let value = 0
  let at = start
  for (let part = 0; part < 4; part += 1) {
    if (part > 0 && text.charCodeAt(at++) !== DOT) return undefined
    const first = at
    let octet = 0
    for (let digit = decimalDigit(text, at); digit !== -1; digit = decimalDigit(text, at)) {
      octet = octet * 10 + digit
      at += 1
      if (octet > 255) return undefined
    }
    const length = at - first
    // No leading zero, which some read as octal.
    if (length === 0 || (length > 1 && decimalDigit(text, first) === 0)) return undefined
    value = value * 256 + octet
  }
  return at === text.length ? value : undefined
}

/** Reads an IPv6 text into {@link groups}. @returns whether it is one */
function parseGroups(text: string): boolean {
  let count = 0
  /** How many groups are before `::`. */
  let gap = -1
  let at = 0
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false
    gap = 0
    at = 2
  }
  while (at < text.length) {
    if (count === 8) return false
    const first = at
    let group = 0
    for (let digit = hexDigit(text, at); digit !== -1; digit = hexDigit(text, at)) {
      group = group * 16 + digit
      at += 1
      if (at - first > 4) return false
    }
    if (text.charCodeAt(at) === DOT) {
      const quad = count > 6 ? undefined : parseQuad(text, first)
      if (quad === undefined) return false
      groups[count] = quad >>> 16
      groups[count + 1] = quad & 0xffff
      count += 2
      break
    }
    if (at === first) return false
    groups[count] = group
    count += 1
    if (at === text.length) break
    if (text.charCodeAt(at) !== COLON) return false
    at += 1
    if (text.charCodeAt(at) === COLON) {
      if (gap !== -1) return false
      gap = count
      at += 1
    } else if (at === text.length) return false
  }
  if (gap === -1) return count === 8
  // RFC 4291: `::` stands for one or more groups.
  if (count === 8) return false
  groups.copyWithin(8 - (count - gap), gap, count)
  groups.fill(0, gap, 8 - (count - gap))
  return true
}

/** -1 for any other character, and after the end. */
function decimalDigit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1
}

/** -1 for any other character, and after the end. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  // Lower case, or what becomes it.
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

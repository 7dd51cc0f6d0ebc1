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
    const value = parseQuad(text)
    return value === undefined ? undefined : { family: 4, value: BigInt(value) }
  }
  const groups = parseGroups(text)
  if (groups === undefined) return undefined
  let value = 0n
  for (const group of groups) value = (value << 16n) | BigInt(group)
  return { family: 6, value }
}

/** A dotted quad as an unsigned 32-bit number. */
function parseQuad(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part)) return undefined
    const octet = Number(part)
    if (octet > 255) return undefined
    value = value * 256 + octet
  }
  return value
}

/** The eight 16-bit groups of an IPv6 text, or `undefined`. */
function parseGroups(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [left = '', right] = halves
  if (right === undefined) {
    const groups = parseHalf(left, true)
    return groups?.length === 8 ? groups : undefined
  }
  const head = left === '' ? [] : parseHalf(left, false)
  const tail = right === '' ? [] : parseHalf(right, true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  // RFC 4291: `::` stands for one or more groups.
  return missing < 1 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail]
}

/** Groups of one side of `::`. Only the last piece of the whole text may be a dotted quad. */
function parseHalf(text: string, quadAllowed: boolean): number[] | undefined {
  const pieces = text.split(':')
  const groups: number[] = []
  for (const [index, piece] of pieces.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(piece)) {
      groups.push(Number.parseInt(piece, 16))
      continue
    }
    const quad = quadAllowed && index === pieces.length - 1 ? parseQuad(piece) : undefined
    if (quad === undefined) return undefined
    groups.push(quad >>> 16, quad & 0xffff)
  }
  return groups
}

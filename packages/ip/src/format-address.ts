import type { Address } from './address.ts'

/**
 * The one canonical text of an address: a dotted quad for IPv4, RFC 5952 for IPv6 (lower case, no leading zeros, the
 * longest run of two or more zero groups as `::`, the first of equally long runs). IPv4-mapped addresses
 * (`::ffff:0:0/96`) end in a dotted quad, RFC 5952 section 5.
 */
export function formatAddress(address: Address): string {
  if (address.family === 4) return formatQuad(Number(address.value))
  if (address.value >> 32n === 0xffffn) return `::ffff:${formatQuad(Number(address.value & 0xffffffffn))}`
  const groups: string[] = []
  // Two groups at a time: arithmetic with a BigInt costs ten times that with a number.
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const pair = Number((address.value >> shift) & 0xffffffffn)
    groups.push((pair >>> 16).toString(16), (pair & 0xffff).toString(16))
  }
  const { start, length } = longestZeroRun(groups)
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`
}

function formatQuad(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`
}

function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === '0' ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}

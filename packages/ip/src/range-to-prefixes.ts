import { addressWidth, type Family } from './address.ts'
import type { Prefix } from './prefix.ts'

/**
 * Appends to `prefixes` the fewest prefixes that make up the range from `start` up to, not including, `end`, sorted.
 */
export function rangeToPrefixes(family: Family, start: bigint, end: bigint, prefixes: Prefix[]): void {
  const width = addressWidth(family)
  let position = start
  while (position < end) {
    const hostBits = Math.min(alignment(position, width), bitLength(end - position) - 1)
    prefixes.push({ address: { family, value: position }, length: width - hostBits })
    position += 1n << BigInt(hostBits)
  }
}

/** Number of zero bits at the end of `value`, at most `width`. */
function alignment(value: bigint, width: number): number {
  return value === 0n ? width : bitLength(value & -value) - 1
}

/** Number of bits of a positive number up to 2^128, without its leading zeros. */
function bitLength(value: bigint): number {
  let bits = 0
  let rest = value
  while (rest > 0xffffffffn) {
    rest >>= 32n
    bits += 32
  }
  // clz32 sees 32 bits: `rest` is at most 2^32 - 1 here.
  return bits + 32 - Math.clz32(Number(rest))
}

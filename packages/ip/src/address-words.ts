import type { Address, Family } from './address.ts'

/**
 * An address as four 32-bit words, most significant first, so that a trie can walk it without BigInt. Signed, because V8
 * keeps those unboxed. An IPv4 address is the first word; the others are 0.
 */
export type AddressWords = readonly [number, number, number, number]

/** The words of `address`. */
export function addressToWords(address: Address): AddressWords {
  const { value } = address
  if (address.family === 4) return [Number(value) | 0, 0, 0, 0]
  return [word(value >> 96n), word(value >> 64n), word(value >> 32n), word(value)]
}

/** The same, to be filled again and again. */
export type AddressWordsRoom = [number, number, number, number]

/**
 * Reads the words of the address at `offset` (bytes) of a packet.
 *
 * @param room gets them, so that no object is made for each packet
 * @throws RangeError when the address reaches beyond the end of `bytes`
 */
export function readWords(room: AddressWordsRoom, family: Family, bytes: Uint8Array, offset: number): void {
  const length = family === 4 ? 4 : 16
  if (!(offset >= 0 && offset + length <= bytes.length)) {
    throw new RangeError(`no ${length} bytes of address at offset ${offset} of ${bytes.length}`)
  }
  const isLong = family === 6
  room[0] = wordAt(bytes, offset)
  room[1] = isLong ? wordAt(bytes, offset + 4) : 0
  room[2] = isLong ? wordAt(bytes, offset + 8) : 0
  room[3] = isLong ? wordAt(bytes, offset + 12) : 0
}

function word(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}

function wordAt(bytes: Uint8Array, offset: number): number {
  const high = ((bytes[offset] ?? 0) << 24) | ((bytes[offset + 1] ?? 0) << 16)
  return high | ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0)
}

/** Number of leading bits that `a` and `b` share, 0 to 128. */
export function commonBits(a: AddressWords, b: AddressWords): number {
  if (a[0] !== b[0]) return Math.clz32(a[0] ^ b[0])
  if (a[1] !== b[1]) return 32 + Math.clz32(a[1] ^ b[1])
  if (a[2] !== b[2]) return 64 + Math.clz32(a[2] ^ b[2])
  return a[3] === b[3] ? 128 : 96 + Math.clz32(a[3] ^ b[3])
}

/** Bit number `index` (0 is the most significant of the first word) as 0 or 1; 0 after the last one. */
export function bitAt(words: AddressWords, index: number): 0 | 1 {
  return (((words[index >>> 5] ?? 0) >>> (31 - (index & 31))) & 1) === 1 ? 1 : 0
}

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
 *
 * A *sum* here is the ones' complement sum of big-endian 16-bit words, folded to 0..0xffff and not inverted; a
 * *checksum* is the inverted sum, as it stands in a header.
 */

/**
 * The sum of `length` bytes at `offset`; an odd last byte is the high half of a word.
 *
 * @param length 0 to 131,072
 * @param initial a sum to start from
 */
export function onesSum(view: DataView, offset: number, length: number, initial = 0): number {
  // Little-endian words of 32 bits in halves, then exchanged once (RFC 1071, 2B and 2C). The halves stay below 2^31.
  let low = 0
  let high = 0
  let at = offset
  const end = offset + length
  for (const last = end - 15; at < last; at += 16) {
    const a = view.getUint32(at, true)
    const b = view.getUint32(at + 4, true)
    const c = view.getUint32(at + 8, true)
    const d = view.getUint32(at + 12, true)
    low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff)
    high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)
  }
  for (; at + 1 < end; at += 2) low += view.getUint16(at, true)
  if (at < end) low += view.getUint8(at)
  const sum = fold(fold(low) + fold(high))
  return fold((((sum & 0xff) << 8) | (sum >>> 8)) + initial)
}

/** Folds a sum of words, 0 to 2^32 - 1, to 16 bits. */
export function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16)
  return (once & 0xffff) + (once >>> 16)
}

/** The checksum of `bytes`: 0 when they contain their own right checksum. */
export function internetChecksum(bytes: Uint8Array, initial = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return ~onesSum(view, 0, bytes.length, initial) & 0xffff
}

/**
 * The checksum after one aligned 16-bit word of the data has changed (RFC 1624, equation 3).
 *
 * @param checksum as it stands in the header
 */
export function updateChecksum(checksum: number, oldWord: number, newWord: number): number {
  return ~fold((~checksum & 0xffff) + (~oldWord & 0xffff) + newWord) & 0xffff
}

/** {@link updateChecksum} for an aligned 32-bit field, e.g. an IPv4 address. */
export function updateChecksum32(checksum: number, oldField: number, newField: number): number {
  const high = updateChecksum(checksum, oldField >>> 16, newField >>> 16)
  return updateChecksum(high, oldField & 0xffff, newField & 0xffff)
}

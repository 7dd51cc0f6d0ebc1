import { timingSafeEqual } from 'node:crypto'

/** Whether both hold the same bytes; takes the same time wherever they differ. Different lengths are unequal. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whether all bytes are zero; takes the same time wherever one is not. */
export function isZero(bytes: Uint8Array): boolean {
  let seen = 0
  for (const byte of bytes) seen |= byte
  return seen === 0
}

import type { Arena } from './arena.ts'

const wordRange = 2 ** 32

/** Writes the address of `offset` as a 64-bit pointer at `at`, without a BigInt. */
export function writeAddress({ address, view }: Arena, at: number, offset: number): void {
  const pointer = address + offset
  view.setUint32(at, pointer % wordRange, true)
  view.setUint32(at + 4, Math.floor(pointer / wordRange), true)
}

import type { Arena } from '../src/arena/arena.ts'

/** Puts bytes somewhere in an arena. */
export function put(arena: Arena, bytes: Uint8Array): number {
  const offset = arena.allocate(bytes.length + 64)
  arena.bytes.set(bytes, offset)
  return offset
}

/** A copy of bytes of an arena. */
export function take(arena: Arena, offset: number, length: number): Buffer {
  return Buffer.from(arena.slice(offset, length))
}

import koffi from 'koffi'

import { cFunction } from '../native-thread.ts'
import { type CallSequence, compileCallSequence, type SequencedCall } from './call-sequence.ts'

/**
 * The two halves of ChaCha20-Poly1305 as OpenSSL's own code calls them (include/crypto/chacha.h, include/crypto/poly1305.h):
 * without the EVP interface around them, which takes about as long as they do. Addresses are numbers, as everywhere in this
 * folder. None can fail.
 */
export interface ChaCha20Primitives {
  /** Bytes of a context of Poly1305. */
  readonly contextSize: number
  /**
   * XORs `length` bytes with the key stream (ChaCha20_ctr32).
   *
   * @param target the same as `source`, or not overlapping it
   * @param key address of 32 bytes
   * @param start address of 16 bytes: number of the first block of 64 bytes, 32 bits little-endian, and the nonce
   */
  readonly applyKeystream: (
    target: number,
    source: number,
    length: number,
    key: number,
    start: number,
  ) => void
  /** Begins a tag. @param context address of `contextSize` bytes @param key address of 32 bytes, for this tag only */
  readonly startTag: (context: number, key: number) => void
  readonly updateTag: (context: number, source: number, length: number) => void
  /** Writes the tag, 16 bytes, to `tag` and overwrites the context. */
  readonly finishTag: (context: number, tag: number) => void
  /**
   * All of it for one packet as one call, with its arguments where {@link packetBlock} says.
   *
   * @returns undefined where it cannot be had
   */
  readonly compilePacket: () => CallSequence | undefined
}

/**
 * Where the arguments for a packet lie, bytes; addresses and lengths, 8 each.
 *
 * 64 bytes before source and target are put aside, those before the source set to zero. The key stream goes from `source`,
 * which is that block, to `target`, and makes them the key of the tag (RFC 8439, 2.6). The tag is that of what lies at
 * `tagged`, and of the `tail` that makes whole blocks of it and ends with both lengths (2.8). Then all is put back.
 */
export const packetBlock = {
  target: 0,
  source: 8,
  /** With the 64 bytes. */
  length: 16,
  key: 24,
  start: 32,
  context: 40,
  tagged: 48,
  taggedLength: 56,
  tail: 64,
  tailLength: 72,
  tag: 80,
  /** Two places of 64 bytes. */
  beforeTarget: 88,
  beforeSource: 96,
  /** 64, and 0. */
  blockLength: 104,
  zero: 112,
  size: 120,
} as const

/**
 * Finds them in this process: official node binaries contain OpenSSL and export even these.
 *
 * @returns undefined where they are not; a shared libcrypto keeps them to itself. Whether they compute correctly is for the
 * caller to test.
 */
export function findChaCha20Primitives(): ChaCha20Primitives | undefined {
  try {
    const library = koffi.load(null)
    const size = library.func('size_t Poly1305_ctx_size(void)') as () => number
    return {
      contextSize: size(),
      applyKeystream: library.func(
        'void ChaCha20_ctr32(uintptr_t, uintptr_t, size_t, uintptr_t, uintptr_t)',
      ) as ChaCha20Primitives['applyKeystream'],
      startTag: library.func('void Poly1305_Init(uintptr_t, uintptr_t)') as ChaCha20Primitives['startTag'],
      updateTag: library.func(
        'void Poly1305_Update(uintptr_t, uintptr_t, size_t)',
      ) as ChaCha20Primitives['updateTag'],
      finishTag: library.func('void Poly1305_Final(uintptr_t, uintptr_t)') as ChaCha20Primitives['finishTag'],
      compilePacket,
    }
  } catch {
    return undefined
  }
}

function compilePacket(): CallSequence | undefined {
  const { target, source, beforeTarget, beforeSource, blockLength, context } = packetBlock
  const { length, key, start, tagged, taggedLength, tail, tailLength, tag, zero } = packetBlock
  const calls: SequencedCall[] = []
  for (const [name, ...args] of [
    ['memcpy', beforeTarget, target, blockLength],
    ['memcpy', beforeSource, source, blockLength],
    ['memset', source, zero, blockLength],
    ['ChaCha20_ctr32', target, source, length, key, start],
    ['Poly1305_Init', context, target],
    ['Poly1305_Update', context, tagged, taggedLength],
    ['Poly1305_Update', context, tail, tailLength],
    ['Poly1305_Final', context, tag],
    ['memcpy', source, beforeSource, blockLength],
    ['memcpy', target, beforeTarget, blockLength],
  ] as const) {
    const routine = cFunction(name)
    if (routine === null) return undefined
    calls.push({ routine, arguments: args })
  }
  return compileCallSequence(calls)
}

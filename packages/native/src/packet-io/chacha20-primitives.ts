import koffi from 'koffi'

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
}

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
    }
  } catch {
    return undefined
  }
}

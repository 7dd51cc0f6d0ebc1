import koffi, { type LibraryHandle } from 'koffi'

/**
 * The functions of OpenSSL's libcrypto (3.x, evp.h) that seal and open packets with ChaCha20-Poly1305. Addresses are
 * numbers, as everywhere in this folder. `start…`, `update…` and `finish…` answer 1 for success.
 */
export interface ChaCha20Poly1305 {
  /** Where the functions were found. */
  readonly origin: 'process' | 'libcrypto.so.3'
  /** A context with the key set, for one direction. @param key address of 32 bytes, which are copied @returns 0 when out of memory */
  createContext(key: number, direction: 'seal' | 'open'): number
  /** Frees a context and overwrites the key in it (EVP_CIPHER_CTX_free). */
  freeContext(context: number): void
  /** Begins a packet. @param nonce address of 12 bytes */
  startSeal(context: number, nonce: number): number
  /** Takes `length` bytes at `source`; to `target`, or as additional data when `target` is 0. */
  updateSeal(context: number, target: number, source: number, length: number): number
  /** Ends the packet and writes its tag, 16 bytes, to `tag`. */
  finishSeal(context: number, tag: number): number
  /** Begins a packet. @param tag address of its 16 bytes */
  startOpen(context: number, nonce: number, tag: number): number
  updateOpen(context: number, target: number, source: number, length: number): number
  /** Ends the packet: 1 when its tag was right, 0 otherwise. */
  finishOpen(context: number): number
}

// include/openssl/evp.h
const EVP_CTRL_AEAD_GET_TAG = 0x10
const EVP_CTRL_AEAD_SET_TAG = 0x11
const TAG_LENGTH = 16

/**
 * Finds the functions: in this process (official node binaries contain OpenSSL and export it; others are linked to it),
 * else in the system's libcrypto.so.3.
 *
 * @returns undefined when neither has them. Whether they compute correctly is for the caller to test.
 */
export function findChaCha20Poly1305(): ChaCha20Poly1305 | undefined {
  return bind('process', null) ?? bind('libcrypto.so.3', 'libcrypto.so.3')
}

function bind(origin: ChaCha20Poly1305['origin'], file: string | null): ChaCha20Poly1305 | undefined {
  try {
    return declareAll(origin, koffi.load(file))
  } catch {
    return undefined
  }
}

function declareAll(origin: ChaCha20Poly1305['origin'], library: LibraryHandle): ChaCha20Poly1305 {
  const cipher = library.func('uintptr_t EVP_chacha20_poly1305(void)') as () => number
  const create = library.func('uintptr_t EVP_CIPHER_CTX_new(void)') as () => number
  const free = library.func('void EVP_CIPHER_CTX_free(uintptr_t)') as (context: number) => void
  const initialise = 'Init_ex(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t)'
  const update = 'Update(uintptr_t, uintptr_t, uintptr_t, uintptr_t, int)'
  const finish = 'Final_ex(uintptr_t, uintptr_t, uintptr_t)'
  const sealInit = library.func(`int EVP_Encrypt${initialise}`) as Words5
  const openInit = library.func(`int EVP_Decrypt${initialise}`) as Words5
  const sealUpdate = library.func(`int EVP_Encrypt${update}`) as Words5
  const openUpdate = library.func(`int EVP_Decrypt${update}`) as Words5
  const sealFinal = library.func(`int EVP_Encrypt${finish}`) as Words3
  const openFinal = library.func(`int EVP_Decrypt${finish}`) as Words3
  const control = library.func('int EVP_CIPHER_CTX_ctrl(uintptr_t, int, int, uintptr_t)') as Words4

  // OpenSSL wants to tell how much it wrote, which is known here: all of it. Never freed, because it lasts as long as the binding.
  const written = Number(koffi.address(sink))
  return {
    origin,
    createContext(key, direction) {
      const context = create()
      if (context === 0) return 0
      const result = (direction === 'seal' ? sealInit : openInit)(context, cipher(), 0, key, 0)
      if (result === 1) return context
      free(context)
      return 0
    },
    freeContext: free,
    startSeal: (context, nonce) => sealInit(context, 0, 0, 0, nonce),
    updateSeal: (context, target, source, length) => sealUpdate(context, target, written, source, length),
    finishSeal: (context, tag) =>
      sealFinal(context, tag, written) === 1 ? control(context, EVP_CTRL_AEAD_GET_TAG, TAG_LENGTH, tag) : 0,
    startOpen: (context, nonce, tag) =>
      openInit(context, 0, 0, 0, nonce) === 1 ? control(context, EVP_CTRL_AEAD_SET_TAG, TAG_LENGTH, tag) : 0,
    updateOpen: (context, target, source, length) => openUpdate(context, target, written, source, length),
    finishOpen: (context) => openFinal(context, written, written),
  }
}

type Words3 = (a: number, b: number, c: number) => number
type Words4 = (a: number, b: number, c: number, d: number) => number
type Words5 = (a: number, b: number, c: number, d: number, e: number) => number

/** Room for an int, and for the block that finishing a stream cipher never writes. */
const sink = new Uint8Array(64)

import type { ChaCha20Poly1305 } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { keyLength, tagLength } from './aead.ts'
import { type Cipher, type CipherSet, nonceLength } from './cipher.ts'

/** Ciphers of OpenSSL's EVP interface: one context per key and direction, kept from packet to packet. */
export function opensslCiphers(functions: ChaCha20Poly1305, arena: Arena): CipherSet {
  const keyRoom = arena.allocate(keyLength)
  const nonce = arena.allocate(nonceLength)
  return {
    nonce,
    oneCall: false,
    create(key, direction) {
      arena.bytes.set(key, keyRoom)
      try {
        const context = functions.createContext(arena.address + keyRoom, direction)
        if (context === 0) throw new Error('openssl: no context for ChaCha20-Poly1305')
        return new OpensslCipher(functions, arena.address, context, arena.address + nonce)
      } finally {
        arena.bytes.fill(0, keyRoom, keyRoom + keyLength)
      }
    },
    [Symbol.dispose]() {},
  }
}

/** Positions in {@link OpensslCipher}'s words. */
const contextAt = 0
const nonceAt = 1

class OpensslCipher implements Cipher {
  readonly #functions: ChaCha20Poly1305
  readonly #base: number
  /**
   * The addresses that do not change. Numbers beyond 2^31 are objects for V8: from an array that does not hold numbers
   * only, they are passed on as they are; from a field they would be copied to a new object for every call.
   */
  readonly #words: (number | undefined)[]

  constructor(functions: ChaCha20Poly1305, base: number, context: number, nonce: number) {
    this.#functions = functions
    this.#base = base
    this.#words = [context, nonce, undefined]
  }

  seal(source: number, length: number, target: number, associated = 0, associatedLength = 0): void {
    const evp = this.#functions
    const context = this.#words[contextAt]!
    const base = this.#base
    const sealed =
      evp.startSeal(context, this.#words[nonceAt]!) === 1 &&
      (associatedLength === 0 || evp.updateSeal(context, 0, base + associated, associatedLength) === 1) &&
      (length === 0 || evp.updateSeal(context, base + target, base + source, length) === 1) &&
      evp.finishSeal(context, base + target + length) === 1
    if (!sealed) throw new Error('openssl: sealing failed')
  }

  open(source: number, length: number, target: number, associated = 0, associatedLength = 0): boolean {
    const evp = this.#functions
    const context = this.#words[contextAt]!
    const base = this.#base
    const contents = length - tagLength
    const from = base + source
    const to = source === target ? from : base + target
    return (
      evp.startOpen(context, this.#words[nonceAt]!, from + contents) === 1 &&
      (associatedLength === 0 || evp.updateOpen(context, 0, base + associated, associatedLength) === 1) &&
      (contents === 0 || evp.updateOpen(context, to, from, contents) === 1) &&
      evp.finishOpen(context) === 1
    )
  }

  [Symbol.dispose](): void {
    const context = this.#words[contextAt]
    this.#words[contextAt] = 0
    if (context !== undefined && context !== 0) this.#functions.freeContext(context)
  }
}

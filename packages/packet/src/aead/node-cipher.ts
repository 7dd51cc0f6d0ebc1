import { createCipheriv, createDecipheriv } from 'node:crypto'

import type { Arena } from '../arena/arena.ts'
import { keyLength, tagLength } from './aead.ts'
import { type Cipher, type CipherSet, nonceLength } from './cipher.ts'

const algorithm = 'chacha20-poly1305'
const options = { authTagLength: tagLength }

/** Ciphers of `node:crypto`: right everywhere, about five times slower, with several objects per packet. */
export function nodeCiphers(arena: Arena): CipherSet {
  const nonce = arena.allocate(nonceLength)
  return {
    nonce,
    oneCall: false,
    create: (key) => new NodeCipher(arena, key, arena.slice(nonce, nonceLength)),
    [Symbol.dispose]() {},
  }
}

class NodeCipher implements Cipher {
  readonly #arena: Arena
  /** Outside node's buffer pool, so that overwriting it is enough. */
  readonly #key = Buffer.alloc(keyLength)
  readonly #nonce: Uint8Array

  constructor(arena: Arena, key: Uint8Array, nonce: Uint8Array) {
    this.#arena = arena
    this.#key.set(key)
    this.#nonce = nonce
  }

  seal(source: number, length: number, target: number, associated = 0, associatedLength = 0): void {
    const arena = this.#arena
    const cipher = createCipheriv(algorithm, this.#key, this.#nonce, options)
    if (associatedLength > 0) {
      cipher.setAAD(arena.slice(associated, associatedLength), { plaintextLength: length })
    }
    arena.bytes.set(cipher.update(arena.slice(source, length)), target)
    cipher.final()
    arena.bytes.set(cipher.getAuthTag(), target + length)
  }

  open(source: number, length: number, target: number, associated = 0, associatedLength = 0): boolean {
    const arena = this.#arena
    const contents = length - tagLength
    const decipher = createDecipheriv(algorithm, this.#key, this.#nonce, options)
    decipher.setAuthTag(arena.slice(source + contents, tagLength))
    if (associatedLength > 0) {
      decipher.setAAD(arena.slice(associated, associatedLength), { plaintextLength: contents })
    }
    const opened = decipher.update(arena.slice(source, contents))
    try {
      decipher.final()
    } catch {
      return false
    }
    arena.bytes.set(opened, target)
    return true
  }

  [Symbol.dispose](): void {
    this.#key.fill(0)
  }
}

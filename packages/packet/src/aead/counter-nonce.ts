import type { Arena } from '../arena/arena.ts'
import { type AeadBackend, keyLength, lastCounter, type Opener, type Sealer, tagLength } from './aead.ts'
import type { Cipher, CipherSet } from './cipher.ts'

const wordRange = 2 ** 32

/** Makes sealers and openers that count their nonces, from any set of ciphers. */
export function countingBackend(name: AeadBackend['name'], arena: Arena, ciphers: CipherSet): AeadBackend {
  const { nonce, oneCall } = ciphers
  return {
    name,
    oneCall,
    sealer: (key) =>
      new CountingSealer(
        arena,
        nonce,
        takeKey(key, (taken) => ciphers.create(taken, 'seal')),
      ),
    opener: (key) =>
      new CountingOpener(
        arena,
        nonce,
        takeKey(key, (taken) => ciphers.create(taken, 'open')),
      ),
    [Symbol.dispose]: () => ciphers[Symbol.dispose](),
  }
}

function takeKey(key: Uint8Array, use: (key: Uint8Array) => Cipher): Cipher {
  if (key.length !== keyLength) throw new RangeError(`key: ${key.length} bytes instead of ${keyLength}`)
  if (key.every((byte) => byte === 0)) throw new RangeError('key: all zeros; was it taken before?')
  try {
    return use(key)
  } finally {
    key.fill(0)
  }
}

class CountingSealer implements Sealer {
  readonly #arena: Arena
  readonly #nonce: number
  #cipher: Cipher | undefined
  #next = 0

  constructor(arena: Arena, nonce: number, cipher: Cipher) {
    this.#arena = arena
    this.#nonce = nonce
    this.#cipher = cipher
  }

  get counter(): number {
    return this.#next
  }

  seal(source: number, length: number, target: number): number {
    const counter = this.#next
    if (this.#cipher === undefined) throw new Error('sealer: used after disposal')
    if (counter > lastCounter) throw new RangeError('sealer: the counter is used up')
    checkPlace(this.#arena, source, length, target, length + tagLength)
    // Before anything can fail: a counter is never tried twice.
    this.#next = counter + 1
    writeCounter(this.#arena, this.#nonce, counter)
    this.#cipher.seal(source, length, target)
    return counter
  }

  [Symbol.dispose](): void {
    this.#cipher?.[Symbol.dispose]()
    this.#cipher = undefined
  }
}

class CountingOpener implements Opener {
  readonly #arena: Arena
  readonly #nonce: number
  #cipher: Cipher | undefined

  constructor(arena: Arena, nonce: number, cipher: Cipher) {
    this.#arena = arena
    this.#nonce = nonce
    this.#cipher = cipher
  }

  open(source: number, length: number, target: number, counter: number): number {
    if (this.#cipher === undefined) throw new Error('opener: used after disposal')
    if (length < tagLength || !Number.isSafeInteger(counter) || counter < 0) return -1
    checkPlace(this.#arena, source, length, target, length - tagLength)
    writeCounter(this.#arena, this.#nonce, counter)
    return this.#cipher.open(source, length, target) ? length - tagLength : -1
  }

  [Symbol.dispose](): void {
    this.#cipher?.[Symbol.dispose]()
    this.#cipher = undefined
  }
}

/** Offsets go to foreign code as addresses: outside the arena is other memory of the process. @throws RangeError */
function checkPlace({ bytes }: Arena, source: number, length: number, target: number, made: number): void {
  const size = bytes.length
  if (source >= 0 && length >= 0 && target >= 0 && source + length <= size && target + made <= size) return
  throw new RangeError(`${length} bytes at ${source} to ${target}: not in the arena of ${size} bytes`)
}

/** The first 4 bytes of a nonce stay 0. */
function writeCounter({ view }: Arena, nonce: number, counter: number): void {
  view.setUint32(nonce + 4, counter % wordRange, true)
  view.setUint32(nonce + 8, Math.floor(counter / wordRange), true)
}

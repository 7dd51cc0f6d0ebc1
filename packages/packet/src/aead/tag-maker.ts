import { type ChaCha20Primitives, memoryAddress } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { tagLength } from './aead.ts'

/** Bytes of the key of one tag. */
const tagKeyLength = 32
/** Poly1305 takes blocks of 16 bytes; the last block of a packet holds both lengths (RFC 8439, 2.8). */
const block = 16
/** What is written behind the contents for a moment: filling and lengths. */
const tailLength = 2 * block

/** Where things lie in {@link TagMaker}'s private memory. */
const keyOffset = 0
const tagOffset = 64
const tailOffset = 128
const contextOffset = 192

/** Positions in its addresses. */
const contextAt = 0
const keyAt = 1
const tagAt = 2
const tailAt = 3

/** Poly1305 tags of one packet after the other. The key of a tag and the tag itself lie outside the arena. */
export class TagMaker {
  readonly #functions: ChaCha20Primitives
  readonly #arena: Arena
  readonly #memory: Uint8Array
  readonly #view: DataView
  /** What lies behind the contents, meanwhile. */
  readonly #behind: number
  /** Addresses that do not change, in an array that does not hold numbers only: see `OpensslCipher`. */
  readonly #words: (number | undefined)[]

  constructor(functions: ChaCha20Primitives, arena: Arena) {
    this.#functions = functions
    this.#arena = arena
    this.#memory = new Uint8Array(new ArrayBuffer(contextOffset + functions.contextSize))
    this.#view = new DataView(this.#memory.buffer)
    this.#behind = arena.allocate(tailLength)
    const base = memoryAddress(this.#memory)
    this.#words = [base + contextOffset, base + keyOffset, base + tagOffset, base + tailOffset, undefined]
  }

  /** The address of Poly1305's context. */
  get context(): number {
    return this.#words[contextAt]!
  }

  /** The address of the tag. */
  get tag(): number {
    return this.#words[tagAt]!
  }

  /** Notes what the key stream will change: 32 bytes at `offset`. */
  takeKey(offset: number): void {
    const { view } = this.#arena
    for (let at = 0; at < tagKeyLength; at += 4)
      this.#view.setInt32(keyOffset + at, view.getInt32(offset + at))
  }

  /** The key is what the key stream has changed of them. */
  mixKey(offset: number): void {
    const { view } = this.#arena
    for (let at = 0; at < tagKeyLength; at += 4) {
      this.#view.setInt32(keyOffset + at, this.#view.getInt32(keyOffset + at) ^ view.getInt32(offset + at))
    }
  }

  /** The key by itself. @param start address of block 0 with its nonce */
  makeKey(cipherKey: number, start: number): void {
    this.#memory.fill(0, keyOffset, keyOffset + tagKeyLength)
    const key = this.#words[keyAt]!
    this.#functions.applyKeystream(key, key, tagKeyLength, cipherKey, start)
  }

  /** Makes the tag of sealed contents, with the key that was made last. Nothing of the arena is changed. */
  make(offset: number, length: number, associated: number, associatedLength: number): void {
    const context = this.#words[contextAt]!
    const { address } = this.#arena
    this.#functions.startTag(context, this.#words[keyAt]!)
    if (associatedLength > 0) this.#takePadded(associated, associatedLength)
    if (this.#fitsBehind(offset + length)) {
      this.#takeWithTail(offset, length, associatedLength)
    } else {
      if (length > 0) this.#functions.updateTag(context, address + offset, length)
      const tail = writeTail(this.#view, tailOffset, length, associatedLength)
      this.#functions.updateTag(context, this.#words[tailAt]!, tail)
    }
    this.#functions.finishTag(context, this.#words[tagAt]!)
  }

  /** Puts the tag into the arena. */
  write(offset: number): void {
    const { view } = this.#arena
    for (let at = 0; at < tagLength; at += 4) view.setInt32(offset + at, this.#view.getInt32(tagOffset + at))
  }

  /** Whether it is the tag in the arena; takes equally long whichever byte differs. */
  equals(offset: number): boolean {
    const { view } = this.#arena
    let difference = 0
    for (let at = 0; at < tagLength; at += 4) {
      difference |= view.getInt32(offset + at) ^ this.#view.getInt32(tagOffset + at)
    }
    return difference === 0
  }

  /** Overwrites the key of the last tag. */
  wipe(): void {
    this.#memory.fill(0)
  }

  #fitsBehind(end: number): boolean {
    return end + tailLength <= this.#arena.bytes.length
  }

  /** One call for contents, filling and lengths, which are written behind the contents for that moment. */
  #takeWithTail(offset: number, length: number, associatedLength: number): void {
    const { address, copySum, view } = this.#arena
    const end = offset + length
    copySum(this.#behind, end, tailLength)
    const tail = writeTail(view, end, length, associatedLength)
    this.#functions.updateTag(this.#words[contextAt]!, address + offset, length + tail)
    copySum(end, this.#behind, tailLength)
  }

  #takePadded(offset: number, length: number): void {
    const context = this.#words[contextAt]!
    this.#functions.updateTag(context, this.#arena.address + offset, length)
    this.#memory.fill(0, tailOffset, tailOffset + block)
    if (length % block > 0) this.#functions.updateTag(context, this.#words[tailAt]!, block - (length % block))
  }
}

/** Zeros up to a whole block, and both lengths. @returns how many bytes */
function writeTail(view: DataView, at: number, length: number, associatedLength: number): number {
  const filling = -length & (block - 1)
  view.setFloat64(at, 0)
  view.setFloat64(at + 8, 0)
  const lengths = at + filling
  view.setUint32(lengths, associatedLength, true)
  view.setUint32(lengths + 4, 0, true)
  view.setUint32(lengths + 8, length, true)
  view.setUint32(lengths + 12, 0, true)
  return filling + block
}

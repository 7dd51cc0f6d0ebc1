import { type ChaCha20Primitives, memoryAddress } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { keyLength, tagLength } from './aead.ts'
import type { Cipher, CipherSet } from './cipher.ts'
import { PacketCall } from './packet-call.ts'
import { TagMaker } from './tag-maker.ts'

/** Bytes of a block of key stream. The first block of a packet is the key of its tag (RFC 8439, 2.6). */
const blockLength = 64

/**
 * Ciphers of OpenSSL's own ChaCha20 and Poly1305, put together as RFC 8439 says.
 *
 * The key of the tag costs no call of its own: the key stream is applied to the 64 bytes before the contents too, which
 * are put back afterwards, and what it changed there is that key.
 */
export function primitiveCiphers(functions: ChaCha20Primitives, arena: Arena): CipherSet {
  const start = arena.allocate(blockStartLength)
  const tags = new TagMaker(functions, arena)
  const before = arena.allocate(blockLength)
  const sequence = functions.compilePacket()
  const call = sequence === undefined ? undefined : new PacketCall(sequence, tags, arena, start)
  return {
    nonce: start + counterLength,
    oneCall: call !== undefined,
    create: (key) => new PrimitiveCipher({ functions, arena, tags, start, before, call }, key),
    [Symbol.dispose]: () => call?.[Symbol.dispose](),
  }
}

/** Bytes of the number of a block, and with the nonce behind it. */
const counterLength = 4
const blockStartLength = 16

interface Shared {
  readonly functions: ChaCha20Primitives
  readonly arena: Arena
  readonly tags: TagMaker
  /** Number of the first block, and nonce. */
  readonly start: number
  /** What lies before the target, meanwhile. */
  readonly before: number
  /** Where the processor and its policy allow it. */
  readonly call: PacketCall | undefined
}

/** Positions in {@link PrimitiveCipher}'s words. */
const keyAt = 0
const startAt = 1

class PrimitiveCipher implements Cipher {
  readonly #functions: ChaCha20Primitives
  readonly #arena: Arena
  readonly #tags: TagMaker
  readonly #start: number
  readonly #before: number
  readonly #call: PacketCall | undefined
  /** Outside the arena, where packets cannot reach it. */
  readonly #key: Uint8Array
  /** Addresses that do not change, in an array that does not hold numbers only: see `OpensslCipher`. */
  readonly #words: (number | undefined)[]

  constructor({ functions, arena, tags, start, before, call }: Shared, key: Uint8Array) {
    this.#functions = functions
    this.#arena = arena
    this.#tags = tags
    this.#start = start
    this.#before = before
    this.#call = call
    this.#key = new Uint8Array(new ArrayBuffer(keyLength))
    this.#key.set(key)
    this.#words = [memoryAddress(this.#key), arena.address + start, undefined]
  }

  seal(source: number, length: number, target: number, associated = 0, associatedLength = 0): void {
    if (associatedLength === 0 && this.#call?.takes(source, length, target) === true) {
      this.#call.run(this.#words[keyAt]!, source, length, target, target)
      this.#tags.write(target + length)
      return
    }
    if (this.#canShift(source, length, target)) {
      this.#applyWithBlock(source, length, target)
    } else {
      this.#makeTagKey()
      this.#apply(source, length, target)
    }
    this.#tags.make(target, length, associated, associatedLength)
    this.#tags.write(target + length)
  }

  open(source: number, length: number, target: number, associated = 0, associatedLength = 0): boolean {
    const contents = length - tagLength
    if (source !== target && associatedLength === 0 && this.#call?.takes(source, contents, target) === true) {
      this.#call.run(this.#words[keyAt]!, source, contents, target, source)
      return this.#tags.equals(source + contents)
    }
    if (source !== target && this.#canShift(source, contents, target)) {
      this.#applyWithBlock(source, contents, target)
      this.#tags.make(source, contents, associated, associatedLength)
      return this.#tags.equals(source + contents)
    }
    this.#makeTagKey()
    this.#tags.make(source, contents, associated, associatedLength)
    if (!this.#tags.equals(source + contents)) return false
    this.#apply(source, contents, target)
    return true
  }

  /** Whether 64 bytes lie before both areas, and those before the target are not part of the source. */
  #canShift(source: number, length: number, target: number): boolean {
    if (source < blockLength || target < blockLength) return false
    return (
      source === target || target - blockLength >= source + length || source - blockLength >= target + length
    )
  }

  /** Block 0 to the 64 bytes before, for the key of the tag, and the following ones to the contents. */
  #applyWithBlock(source: number, length: number, target: number): void {
    const { copySum, address, view } = this.#arena
    copySum(this.#before, target - blockLength, blockLength)
    this.#tags.takeKey(source - blockLength)
    view.setUint32(this.#start, 0, true)
    const from = address + source - blockLength
    const to = source === target ? from : address + target - blockLength
    this.#functions.applyKeystream(to, from, length + blockLength, this.#words[keyAt]!, this.#words[startAt]!)
    this.#tags.mixKey(target - blockLength)
    copySum(target - blockLength, this.#before, blockLength)
  }

  #makeTagKey(): void {
    this.#arena.view.setUint32(this.#start, 0, true)
    this.#tags.makeKey(this.#words[keyAt]!, this.#words[startAt]!)
  }

  #apply(source: number, length: number, target: number): void {
    const { address, view } = this.#arena
    if (length === 0) return
    view.setUint32(this.#start, 1, true)
    this.#functions.applyKeystream(
      address + target,
      address + source,
      length,
      this.#words[keyAt]!,
      this.#words[startAt]!,
    )
  }

  [Symbol.dispose](): void {
    this.#key.fill(0)
    this.#tags.wipe()
  }
}

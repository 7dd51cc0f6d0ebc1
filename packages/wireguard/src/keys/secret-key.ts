import { inspect } from 'node:util'
import { KEY_LENGTH } from '../constants.ts'
import { decodeKey, encodeKey } from './key-text.ts'

const hidden = '[secret key]'

/**
 * A private or preshared key in memory. Nothing that prints values prints it: only {@link bytes} and {@link reveal} give
 * it away. Wipe it with {@link wipe} (or `using`) when it is no longer needed.
 */
export class SecretKey implements Disposable {
  readonly #bytes: Uint8Array
  #wiped = false

  /** @param bytes 32 bytes, copied */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== KEY_LENGTH) throw new RangeError(`key: ${bytes.length} bytes, not ${KEY_LENGTH}`)
    this.#bytes = Uint8Array.from(bytes)
  }

  /** From base64, 44 characters. Returns `undefined` for anything else. */
  static parse(text: string): SecretKey | undefined {
    const bytes = decodeKey(text)
    if (bytes === undefined) return undefined
    const key = new SecretKey(bytes)
    bytes.fill(0)
    return key
  }

  /** The 32 bytes themselves, not a copy. @throws Error after {@link wipe} */
  get bytes(): Uint8Array {
    if (this.#wiped) throw new Error('the key was wiped')
    return this.#bytes
  }

  /** The key as base64, for a file that only its owner reads. @throws Error after {@link wipe} */
  reveal(): string {
    return encodeKey(this.bytes)
  }

  /** Overwrites the key. */
  wipe(): void {
    this.#wiped = true
    this.#bytes.fill(0)
  }

  [Symbol.dispose](): void {
    this.wipe()
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  static {
    // Not a method with a computed name, because isolatedDeclarations cannot name it.
    Object.defineProperty(this.prototype, inspect.custom, { value: () => hidden })
  }
}

import { ConnectionError } from './errors.ts'

const NUL = 0

/** A small message should not cost a large buffer, and a large one should not be copied often. */
const firstCapacity = 4096

/**
 * Cuts a stream of bytes into messages at the NULs. Everything unfinished lies in one buffer that doubles, so that a
 * peer that sends single bytes cannot make the bookkeeping larger than the message.
 */
export class Framer {
  readonly #limit: number
  #buffer = new Uint8Array(0)
  #length = 0

  /** @param limit most bytes of one message without its NUL */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes of a message whose NUL has not come yet. */
  get unfinished(): number {
    return this.#length
  }

  /** Whether these bytes are exactly one message with its NUL, of which nothing has come before. */
  isWhole(bytes: Uint8Array): boolean {
    const last = bytes.length - 1
    return this.#length === 0 && last <= this.#limit && bytes.indexOf(NUL) === last
  }

  /**
   * Takes bytes as they come.
   *
   * @yields each finished message without its NUL, a view that is valid until the next step
   * @throws ConnectionError `too-large`
   */
  *push(bytes: Uint8Array): Generator<Uint8Array, void> {
    let start = 0
    for (let end = bytes.indexOf(NUL); end !== -1; end = bytes.indexOf(NUL, start)) {
      const tail = bytes.subarray(start, end)
      start = end + 1
      this.#checkSize(tail.length)
      if (this.#length === 0) {
        yield tail
      } else {
        this.#append(tail)
        const message = this.#buffer.subarray(0, this.#length)
        this.#buffer = new Uint8Array(0)
        this.#length = 0
        yield message
      }
    }
    const rest = bytes.subarray(start)
    this.#checkSize(rest.length)
    this.#append(rest)
  }

  #checkSize(more: number): void {
    if (this.#length + more > this.#limit) {
      throw new ConnectionError('too-large', `a message is longer than ${this.#limit} bytes`)
    }
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2, firstCapacity))
      grown.set(this.#buffer.subarray(0, this.#length))
      this.#buffer = grown
    }
    this.#buffer.set(bytes, this.#length)
    this.#length = needed
  }
}

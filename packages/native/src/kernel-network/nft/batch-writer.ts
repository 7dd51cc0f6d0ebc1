import { ATTRIBUTE_HEADER_SIZE, HEADER_SIZE, NLA_F_NESTED } from '../netlink/constants.ts'

const INITIAL_WORDS = 8192
/** Words of struct nlmsghdr and struct nfgenmsg. */
const HEADERS = HEADER_SIZE / 4 + 1
/** NFT_NAME_MAXLEN without its NUL. */
const MAX_TEXT = 255

/**
 * Writes nf_tables' messages one behind the other. All is made of words of four bytes, so an attribute is two stores into
 * an array: a guard has thousands of them, and is written before the engine has compiled any of this. Numbers in nf_tables'
 * attributes are in network order, unlike elsewhere in netlink.
 */
export class BatchWriter {
  #words = new Int32Array(INITIAL_WORDS)
  #bytes = Buffer.from(this.#words.buffer)
  #at = 0
  #start = 0

  /** All that is written; valid until the next write. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at * 4)
  }

  /**
   * Starts a message.
   *
   * @param type nlmsg_type
   * @param flags NLM_F_*
   * @param sequence what an answer will carry
   * @param family and resource: struct nfgenmsg
   * @param room bytes, at least as many as the message will have
   */
  begin(type: number, flags: number, sequence: number, family: number, resource: number, room: number): void {
    this.#reserve(room / 4)
    const words = this.#words
    const start = this.#at
    this.#start = start
    words[start + 1] = type | (flags << 16)
    words[start + 2] = sequence
    words[start + 4] = family | ((resource & 0xff) << 24) | ((resource & 0xff00) << 8)
    this.#at = start + HEADERS
  }

  /** Finishes the message. */
  end(): void {
    this.#words[this.#start] = (this.#at - this.#start) * 4
  }

  /** An attribute of 32 bits. */
  u32(type: number, value: number): void {
    const at = this.#at
    this.#words[at] = 8 | (type << 16)
    this.#words[at + 1] = networkOrder(value)
    this.#at = at + 2
  }

  /**
   * An attribute of up to four bytes.
   *
   * @param word the bytes as they lie in memory, read as a little endian number; 0 behind the last
   * @param size bytes, 1..4
   */
  raw(type: number, word: number, size: number): void {
    const at = this.#at
    this.#words[at] = (ATTRIBUTE_HEADER_SIZE + size) | (type << 16)
    this.#words[at + 1] = word
    this.#at = at + 2
  }

  /** A NUL-terminated text. @throws RangeError when it is longer than any name in nf_tables */
  text(type: number, text: string): void {
    const at = this.#at
    if (text.length > MAX_TEXT) throw new RangeError(`name: ${text.length} characters are too many`)
    const size = this.#bytes.write(text, (at + 1) * 4) + 1
    this.#words[at] = (ATTRIBUTE_HEADER_SIZE + size) | (type << 16)
    this.#at = at + 1 + ((size + 3) >> 2)
  }

  /** Any bytes. */
  data(type: number, bytes: Uint8Array): void {
    const at = this.#at
    this.#words[at] = (ATTRIBUTE_HEADER_SIZE + bytes.length) | (type << 16)
    this.#bytes.set(bytes, (at + 1) * 4)
    this.#at = at + 1 + ((bytes.length + 3) >> 2)
  }

  /** Whole attributes or messages, as words. */
  words(words: Int32Array): void {
    this.#reserve(words.length)
    this.#words.set(words, this.#at)
    this.#at += words.length
  }

  /** How many words are written. */
  get length(): number {
    return this.#at
  }

  /** Words that are written; valid until the next write. */
  part(start: number, end: number): Int32Array {
    return this.#words.subarray(start, end)
  }

  /** Writes another word over the one that lies so many words back. */
  amend(back: number, word: number): void {
    this.#words[this.#at - back] = word
  }

  /** Starts an attribute that holds attributes. @returns what {@link close} wants */
  open(type: number): number {
    const at = this.#at
    this.#words[at] = (type | NLA_F_NESTED) << 16
    this.#at = at + 1
    return at
  }

  /** Ends the attribute that was begun at `start`. */
  close(start: number): void {
    const words = this.#words
    words[start] = (words[start] ?? 0) | ((this.#at - start) * 4)
  }

  /** The memory is fresh, so what is passed over is 0. */
  #reserve(count: number): void {
    if (this.#at + count <= this.#words.length) return
    const larger = new Int32Array(Math.max(this.#words.length * 2, this.#at + count))
    larger.set(this.#words.subarray(0, this.#at))
    this.#words = larger
    this.#bytes = Buffer.from(larger.buffer)
  }
}

/** The bytes of a number of 32 bits the other way round. */
export function networkOrder(value: number): number {
  return (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)
}

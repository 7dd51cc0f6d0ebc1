import { ipSize, writeIp } from '../ip-text.ts'
import type { IpFamily } from '../route/objects.ts'
import { align4, ATTRIBUTE_HEADER_SIZE, HEADER_SIZE, NLA_F_NESTED, NLM_F_ACK } from './constants.ts'

const INITIAL_SIZE = 4096
/** Of nlmsg_flags in struct nlmsghdr. */
const FLAGS_OFFSET = 6

/** Writes netlink messages one behind the other into one growing buffer, without an allocation per attribute. */
export class MessageWriter {
  #bytes: Buffer = Buffer.alloc(INITIAL_SIZE)
  #length = 0
  #messageStart = 0
  readonly #ends: number[] = []

  /** How many messages are finished. */
  get count(): number {
    return this.#ends.length
  }

  /** The bytes of messages `first` to `last - 1`; valid until the next write. */
  messages(first: number, last: number): Buffer {
    return this.#bytes.subarray(this.#ends[first - 1] ?? 0, this.#ends[last - 1] ?? 0)
  }

  /** Has messages `first` to `last - 1` answered only when they fail. */
  acknowledgeFailuresOnly(first: number, last: number): void {
    for (let index = first; index < last; index++) {
      const flags = (this.#ends[index - 1] ?? 0) + FLAGS_OFFSET
      this.#bytes.writeUInt16LE(this.#bytes.readUInt16LE(flags) & ~NLM_F_ACK, flags)
    }
  }

  /**
   * Starts a message.
   *
   * @param type nlmsg_type, 16 bits
   * @param flags NLM_F_*
   * @param sequence what the answer will carry, 32 bits
   */
  begin(type: number, flags: number, sequence: number): void {
    this.#messageStart = this.#reserve(HEADER_SIZE)
    this.#bytes.writeUInt16LE(type, this.#messageStart + 4)
    this.#bytes.writeUInt16LE(flags, this.#messageStart + FLAGS_OFFSET)
    this.#bytes.writeUInt32LE(sequence, this.#messageStart + 8)
  }

  /** Finishes the message. */
  end(): void {
    this.#bytes.writeUInt32LE(this.#length - this.#messageStart, this.#messageStart)
    this.#length = align4(this.#length)
    this.#ends.push(this.#length)
  }

  u8(value: number): void {
    const at = this.#reserve(1)
    this.#bytes.writeUInt8(value, at)
  }

  u16(value: number): void {
    const at = this.#reserve(2)
    this.#bytes.writeUInt16LE(value, at)
  }

  /** A number in network order, e.g. a port. */
  u16be(value: number): void {
    const at = this.#reserve(2)
    this.#bytes.writeUInt16BE(value, at)
  }

  u32(value: number): void {
    const at = this.#reserve(4)
    this.#bytes.writeUInt32LE(value, at)
  }

  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length)
    this.#bytes.set(value, at)
  }

  zeros(count: number): void {
    this.#reserve(count)
  }

  attributeU8(type: number, value: number): void {
    this.#attribute(type, 1)
    this.u8(value)
    this.#pad()
  }

  attributeU16be(type: number, value: number): void {
    this.#attribute(type, 2)
    this.u16be(value)
    this.#pad()
  }

  attributeU32(type: number, value: number): void {
    this.#attribute(type, 4)
    this.u32(value)
  }

  attributeBytes(type: number, value: Uint8Array): void {
    this.#attribute(type, value.length)
    this.bytes(value)
    this.#pad()
  }

  /** A NUL-terminated text. */
  attributeText(type: number, text: string): void {
    const size = Buffer.byteLength(text) + 1
    this.#attribute(type, size)
    const at = this.#reserve(size)
    this.#bytes.write(text, at)
    this.#pad()
  }

  /** An address. @returns false, with nothing written, when `text` is no address of `family` */
  attributeIp(type: number, text: string, family: IpFamily): boolean {
    const start = this.#length
    const size = ipSize(family)
    this.#attribute(type, size)
    const at = this.#reserve(size)
    if (writeIp(this.#bytes, at, text, family)) return true
    this.#bytes.fill(0, start, this.#length)
    this.#length = start
    return false
  }

  /** Starts an attribute whose payload, a multiple of four bytes, is written next. @returns what {@link endAttribute} wants */
  beginAttribute(type: number): number {
    const start = this.#length
    this.#attribute(type, 0)
    return start
  }

  /** Starts an attribute that holds attributes. @returns what {@link endAttribute} wants */
  beginNested(type: number): number {
    return this.beginAttribute(type | NLA_F_NESTED)
  }

  /** Ends the attribute that was begun at `start`. */
  endAttribute(start: number): void {
    this.#bytes.writeUInt16LE(this.#length - start, start)
  }

  #attribute(type: number, payload: number): void {
    const at = this.#reserve(ATTRIBUTE_HEADER_SIZE)
    this.#bytes.writeUInt16LE(ATTRIBUTE_HEADER_SIZE + payload, at)
    this.#bytes.writeUInt16LE(type, at + 2)
  }

  #pad(): void {
    this.#reserve(align4(this.#length) - this.#length)
  }

  /** Makes room for `size` bytes, which are zero as everything that is not written yet, and returns where they start. */
  #reserve(size: number): number {
    const at = this.#length
    if (at + size > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, at + size))
      this.#bytes.copy(larger, 0, 0, at)
      this.#bytes = larger
    }
    this.#length = at + size
    return at
  }
}

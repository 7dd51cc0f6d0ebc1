import { ipSize, readIp } from '../ip-text.ts'
import type { IpFamily } from '../route/objects.ts'
import { align4, ATTRIBUTE_HEADER_SIZE, NLA_TYPE_MASK } from './constants.ts'

/**
 * Finds the attributes of a message by type. One object is used for one message after the other, so that reading ten
 * thousand routes allocates nothing but their results. Of a repeated type the last one counts; types above `highest`
 * are passed over; reading stops at the first attribute that does not fit.
 */
export class Attributes {
  readonly #offsets: Int32Array
  readonly #lengths: Int32Array
  #source: Buffer = Buffer.alloc(0)

  /** @param highest the largest attribute type of interest */
  constructor(highest: number) {
    this.#offsets = new Int32Array(highest + 1)
    this.#lengths = new Int32Array(highest + 1)
  }

  /** Indexes the attributes between `start` and `end` of `source`. */
  read(source: Buffer, start: number, end: number): this {
    this.#source = source
    this.#lengths.fill(-1)
    for (let at = start; at + ATTRIBUTE_HEADER_SIZE <= end;) {
      const length = source.readUInt16LE(at)
      if (length < ATTRIBUTE_HEADER_SIZE || at + length > end) return this
      const type = source.readUInt16LE(at + 2) & NLA_TYPE_MASK
      if (type < this.#lengths.length) {
        this.#offsets[type] = at + ATTRIBUTE_HEADER_SIZE
        this.#lengths[type] = length - ATTRIBUTE_HEADER_SIZE
      }
      at += align4(length)
    }
    return this
  }

  /** Indexes what is inside attribute `type` of `outer`; nothing when it is not there. */
  readNested(outer: Attributes, type: number): this {
    const length = outer.size(type)
    if (length < 0) return this.read(outer.#source, 0, 0)
    const start = outer.offset(type)
    return this.read(outer.#source, start, start + length)
  }

  /** Bytes of the payload, -1 when the attribute is not there. */
  size(type: number): number {
    return this.#lengths[type] ?? -1
  }

  /** Where the payload starts in the message's buffer. */
  offset(type: number): number {
    return this.#offsets[type] ?? 0
  }

  u8(type: number): number | undefined {
    return this.size(type) >= 1 ? this.#source.readUInt8(this.offset(type)) : undefined
  }

  u32(type: number): number | undefined {
    return this.size(type) >= 4 ? this.#source.readUInt32LE(this.offset(type)) : undefined
  }

  u64(type: number): bigint | undefined {
    return this.size(type) >= 8 ? this.#source.readBigUInt64LE(this.offset(type)) : undefined
  }

  /** Text up to the first NUL. */
  text(type: number): string | undefined {
    const size = this.size(type)
    if (size < 0) return undefined
    const start = this.offset(type)
    const end = this.#source.indexOf(0, start)
    return this.#source.toString('utf8', start, end < 0 ? start + size : Math.min(end, start + size))
  }

  ip(type: number, family: IpFamily): string | undefined {
    return this.size(type) >= ipSize(family) ? readIp(this.#source, this.offset(type), family) : undefined
  }
}

import { TIMESTAMP_LENGTH } from '../constants.ts'

/** TAI64 counts from 1970-01-01 00:00:10 TAI as 2^62 (https://cr.yp.to/libtai/tai64.html). */
const EPOCH = 0x4000_0000_0000_000an
/** Timestamps are rounded down to multiples of this, ns, so that they do not tell the load of the sender (2^24 = 16.8 ms). */
const STEP = 0x100_0000n

/**
 * The timestamps of one sender (section 5.1): TAI64N of the wall clock, 12 bytes, each greater than the one before even
 * when the clock stands still or is set back, since a peer ignores an initiation that is not newer.
 */
export class TimestampSource {
  #last = 0n

  /** @param unixTime ms since 1970, the wall clock */
  next(unixTime: number): Uint8Array {
    const nanoseconds = BigInt(Math.max(0, Math.trunc(unixTime))) * 1_000_000n
    const seconds = EPOCH + nanoseconds / 1_000_000_000n
    const rounded = (seconds << 32n) | ((nanoseconds % 1_000_000_000n) & ~(STEP - 1n))
    this.#last = rounded > this.#last ? rounded : this.#last + 1n
    const bytes = new Uint8Array(TIMESTAMP_LENGTH)
    const view = new DataView(bytes.buffer)
    view.setBigUint64(0, this.#last >> 32n)
    view.setUint32(8, Number(this.#last & 0xffff_ffffn))
    return bytes
  }
}

/** Whether timestamp `a` is later than `b`. Both are 12 bytes, most significant first. */
export function isLater(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) > 0
}

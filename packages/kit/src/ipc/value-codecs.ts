import { booleanParameter, integerParameter, numberParameter, textParameter } from '../parameters.ts'
import { parameterError } from '../parameters.ts'
import type { Parcel } from './parcel.ts'
import { rpcError } from './rpc-error.ts'

/** How one kind of value lies in a parcel. */
export interface Codec<T> {
  /** @throws BusinessError 401 for a value of another type */
  readonly check: (value: unknown, field: string) => T
  /** @throws BusinessError 1900009 */
  readonly write: (parcel: Parcel, value: T) => void
  /** @throws BusinessError 1900010 */
  readonly read: (parcel: Parcel) => T
  /** The least bytes that one takes, which bounds how many an array can have. */
  readonly least: number
}

/** Longest text, in bytes of UTF-16, as on the device. */
const maxTextBytes = 40_960

/** Integers as the device stores them: what does not fit is cut to its lowest bits. */
function integer(bits: 8 | 16 | 32): Codec<number> {
  const cut = (value: number): number => Number(BigInt.asIntN(bits, BigInt(Math.trunc(value))))
  return {
    check: (value, field) => numberParameter(value, field),
    write: (parcel, value) => parcel.append(4, (buffer, at) => buffer.writeInt32LE(cut(value), at)),
    read: (parcel) => cut(parcel.take(4, (buffer, at) => buffer.readInt32LE(at))),
    least: 4,
  }
}

export const byte: Codec<number> = integer(8)
export const short: Codec<number> = integer(16)
export const int: Codec<number> = integer(32)
/** A character as its number. */
export const char: Codec<number> = {
  ...integer(32),
  check: (value, field) => integerParameter(value, field, 0, 0xffff),
}

/** 64 bits; a JavaScript number holds 53 of them exactly. */
export const long: Codec<number> = {
  check: (value, field) => numberParameter(value, field),
  write: (parcel, value) =>
    parcel.append(8, (buffer, at) =>
      buffer.writeBigInt64LE(BigInt.asIntN(64, BigInt(Math.trunc(value))), at),
    ),
  read: (parcel) => parcel.take(8, (buffer, at) => Number(buffer.readBigInt64LE(at))),
  least: 8,
}

/** The device stores floats as doubles, too. */
export const double: Codec<number> = {
  check: (value, field) => {
    if (typeof value !== 'number') throw parameterError(field, 'is not a number')
    return value
  },
  write: (parcel, value) => parcel.append(8, (buffer, at) => buffer.writeDoubleLE(value, at)),
  read: (parcel) => parcel.take(8, (buffer, at) => buffer.readDoubleLE(at)),
  least: 8,
}

export const bool: Codec<boolean> = {
  check: booleanParameter,
  write: (parcel, value) => int.write(parcel, value ? 1 : 0),
  read: (parcel) => int.read(parcel) !== 0,
  least: 4,
}

/** UTF-16 with its length before and a zero after. */
export const text: Codec<string> = {
  check: (value, field) => {
    const checked = textParameter(value, field)
    if (checked.length * 2 >= maxTextBytes)
      throw parameterError(field, `has ${checked.length * 2} bytes, ${maxTextBytes} or more`)
    return checked
  },
  write(parcel, value) {
    int.write(parcel, value.length)
    parcel.append((value.length + 1) * 2, (buffer, at) => buffer.write(value, at, 'utf16le'))
  },
  read(parcel) {
    const start = parcel.readPosition
    const length = int.read(parcel)
    try {
      const encoded = parcel.take((length + 1) * 2, (buffer, at) =>
        buffer.toString('utf16le', at, at + length * 2),
      )
      if (length < 0) throw rpcError(1900010, 'the next value is no text')
      return encoded
    } catch (error) {
      parcel.seekRead(start)
      throw error
    }
  },
  least: 8,
}

/** A list: its length, then its values. Bytes are packed, as on the device. */
export function list<T>(element: Codec<T>): Codec<T[]> {
  return {
    check(value, field) {
      if (!Array.isArray(value)) throw parameterError(field, 'is not an array')
      return value.map((each: unknown, index) => element.check(each, `${field}[${index}]`))
    },
    write(parcel, values) {
      const start = parcel.writePosition
      try {
        int.write(parcel, values.length)
        for (const value of values) element.write(parcel, value)
      } catch (error) {
        // Nothing of a list that does not fit stays.
        parcel.seekWrite(start)
        throw error
      }
    },
    read(parcel) {
      const length = int.read(parcel)
      if (length < 0 || length * element.least > parcel.size - parcel.readPosition)
        throw rpcError(1900010, `a list of ${length} is wanted, and there is not so much`)
      return Array.from({ length }, () => element.read(parcel))
    },
    least: 4,
  }
}

/** Bytes, four in a word. */
export const bytes: Codec<number[]> = {
  check: list(byte).check,
  write(parcel, values) {
    int.write(parcel, values.length)
    parcel.append(values.length, (buffer, at) =>
      buffer.set(
        values.map((value) => value & 0xff),
        at,
      ),
    )
  },
  read(parcel) {
    const length = int.read(parcel)
    return parcel.take(length, (buffer, at) => [...new Int8Array(buffer.subarray(at, at + length))])
  },
  least: 4,
}

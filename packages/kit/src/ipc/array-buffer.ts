import { integerParameter, parameterError } from '../parameters.ts'
import type { Parcel } from './parcel.ts'
import { int } from './value-codecs.ts'

/** `rpc.TypeCode` of the device: how the bytes of an ArrayBuffer are meant. */
export const typeCode = {
  INT8_ARRAY: 0,
  UINT8_ARRAY: 1,
  INT16_ARRAY: 2,
  UINT16_ARRAY: 3,
  INT32_ARRAY: 4,
  UINT32_ARRAY: 5,
  FLOAT32_ARRAY: 6,
  FLOAT64_ARRAY: 7,
  BIGINT64_ARRAY: 8,
  BIGUINT64_ARRAY: 9,
} as const

/** Bytes of an element, by type code. */
const widths = [1, 1, 2, 2, 4, 4, 4, 8, 8, 8]

function widthOf(code: unknown): number {
  return widths[integerParameter(code, 'typeCode', 0, widths.length - 1)] ?? 1
}

/** @throws BusinessError 401 for what is no ArrayBuffer, or holds no whole number of elements; 1900009 */
export function writeArrayBuffer(parcel: Parcel, buffer: unknown, code: unknown): void {
  const width = widthOf(code)
  if (!(buffer instanceof ArrayBuffer)) throw parameterError('buf', 'is not an ArrayBuffer')
  if (buffer.byteLength % width !== 0)
    throw parameterError('buf', `has ${buffer.byteLength} bytes, which are no elements of ${width}`)
  writeBytes(parcel, new Uint8Array(buffer))
}

/** @throws BusinessError 401, 1900010 */
export function readArrayBuffer(parcel: Parcel, code: unknown): ArrayBuffer {
  widthOf(code)
  return readBytes(parcel)
}

/** Bytes with their number before. @throws BusinessError 1900009 */
export function writeBytes(parcel: Parcel, bytes: Uint8Array): void {
  int.write(parcel, bytes.length)
  parcel.append(bytes.length, (buffer, at) => buffer.set(bytes, at))
}

/** @throws BusinessError 1900010 */
export function readBytes(parcel: Parcel): ArrayBuffer {
  const length = int.read(parcel)
  return parcel.take(length, (buffer, at) => {
    const copy = new ArrayBuffer(length)
    new Uint8Array(copy).set(buffer.subarray(at, at + length))
    return copy
  })
}

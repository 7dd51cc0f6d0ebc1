import { integerParameter, listParameter, parameterError } from '../parameters.ts'
import { readBytes, writeBytes } from './array-buffer.ts'
import type { Parcel } from './parcel.ts'
import { rpcError } from './rpc-error.ts'
import { byte } from './value-codecs.ts'

/** What raw data may hold, in bytes, as the device tells it; here a message carries 1 MiB. */
export const rawDataCapacity: number = 128 * 1024 * 1024

/** @throws BusinessError 401 for what is no list of bytes, and for more than there are */
export function writeRawNumbers(parcel: Parcel, data: unknown, size: unknown): void {
  const numbers = listParameter(data, 'rawData', (each, field) => byte.check(each, field))
  const length = integerParameter(size, 'size', 1, numbers.length)
  writeBytes(
    parcel,
    Uint8Array.from(numbers.slice(0, length), (each) => each & 0xff),
  )
}

/** @throws BusinessError 401 for what is no ArrayBuffer, and for more than it has */
export function writeRawBuffer(parcel: Parcel, data: unknown, size: unknown): void {
  if (!(data instanceof ArrayBuffer)) throw parameterError('rawData', 'is not an ArrayBuffer')
  const length = integerParameter(size, 'size', 1, data.byteLength)
  writeBytes(parcel, new Uint8Array(data, 0, length))
}

/** @throws BusinessError 401 for a size that is none, 1900010 when there are not so many bytes */
export function readRawBuffer(parcel: Parcel, size: unknown): ArrayBuffer {
  const wanted = integerParameter(size, 'size', 1, rawDataCapacity)
  const data = readBytes(parcel)
  if (data.byteLength < wanted) throw rpcError(1900010, `there are ${data.byteLength} bytes of raw data`)
  return data.slice(0, wanted)
}

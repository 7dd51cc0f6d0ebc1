import { types } from 'node:util'

import { parameterError } from './socket-error.ts'

/** What is to be sent, as bytes: text as UTF-8, an ArrayBuffer or a view in place. */
export function dataArgument(value: unknown, field: string): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw parameterError(field, 'is neither text nor an ArrayBuffer')
}

/** Received bytes in a buffer of their own: node's may be part of a larger one. */
export function receivedBuffer(bytes: Uint8Array): ArrayBuffer {
  const own = new ArrayBuffer(bytes.byteLength)
  new Uint8Array(own).set(bytes)
  return own
}

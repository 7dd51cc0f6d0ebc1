import { Buffer as NodeBuffer, transcode } from 'node:buffer'
import { types } from 'node:util'

import { BusinessError } from '@vpnext/api'

import { integerParameter, isFunction, listParameter, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { outOfRange, wrongBufferSize } from './arkts-error.ts'
import { Blob } from './blob.ts'

/** Largest size, in bytes: 4 GiB on the device. */
const maxLength = 2 ** 32 - 1

/**
 * The prototype of all buffers of this kit: node's methods, with the errors of the device, and with a `buffer` that holds
 * this buffer's bytes alone unless it shares those of an ArrayBuffer.
 */
const prototype: NodeBuffer = Object.create(
  NodeBuffer.prototype,
  Object.fromEntries(
    methodsOf(NodeBuffer.prototype).map(([name, method]) => [
      name,
      { value: translating(name, method), writable: true, configurable: true },
    ]),
  ),
)

/** `buffer` of `@kit.ArkTS`. */
export function bufferNamespace(): object {
  return provide('buffer', {
    alloc: (size: unknown, fill?: unknown, encoding?: unknown) => {
      const bytes = allocate(size)
      if (fill === undefined) return bytes
      if (typeof fill === 'number') bytes.fill(fill)
      else if (typeof fill === 'string') bytes.fill(fill, encodingParameter(encoding))
      else if (types.isUint8Array(fill)) bytes.fill(fill)
      else throw parameterError('fill', 'is neither a number, a text nor a buffer')
      return bytes
    },
    // Cleared all the same: nothing of the process's memory leaks into an extension's packets.
    allocUninitialized: allocate,
    allocUninitializedFromPool: allocate,
    byteLength: (value: unknown, encoding?: unknown) =>
      typeof value === 'string'
        ? NodeBuffer.byteLength(value, encodingParameter(encoding))
        : bytesOf(value).length,
    compare: (one: unknown, other: unknown) =>
      NodeBuffer.compare(uint8Parameter(one, 'buf1'), uint8Parameter(other, 'buf2')),
    concat: (list: unknown, total?: unknown) => {
      const parts = listParameter(list, 'list', uint8Parameter)
      const length = total === undefined ? undefined : integerParameter(total, 'totalLength', 0, maxLength)
      return own(NodeBuffer.concat(parts, length))
    },
    Blob,
    from,
    isBuffer: (value: unknown) => NodeBuffer.isBuffer(value),
    isEncoding: (value: unknown) => typeof value === 'string' && NodeBuffer.isEncoding(value),
    transcode: (source: unknown, fromEncoding: unknown, toEncoding: unknown) => {
      const [before, after] = [textParameter(fromEncoding, 'fromEnc'), textParameter(toEncoding, 'toEnc')]
      if (!isTranscodable(before)) throw parameterError('fromEnc', `${before} is not provided`)
      if (!isTranscodable(after)) throw parameterError('toEnc', `${after} is not provided`)
      return own(transcode(uint8Parameter(source, 'source'), before, after))
    },
  })
}

function allocate(size: unknown): NodeBuffer {
  return own(NodeBuffer.alloc(integerParameter(size, 'size', 0, maxLength)))
}

/** From text, numbers, a buffer (a copy), an ArrayBuffer (the same bytes), or an object that has such a value. */
function from(value: unknown, second?: unknown, third?: unknown): NodeBuffer {
  if (typeof value === 'string') return own(NodeBuffer.from(value, encodingParameter(second)))
  if (types.isAnyArrayBuffer(value)) {
    const offset = second === undefined ? 0 : integerParameter(second, 'byteOffset')
    if (offset < 0 || offset > value.byteLength) throw outOfRange('byteOffset')
    const length = third === undefined ? value.byteLength - offset : integerParameter(third, 'length')
    if (length < 0 || length > value.byteLength - offset) throw outOfRange('length')
    return guard(NodeBuffer.from(value, offset, length))
  }
  if (types.isUint8Array(value)) return own(NodeBuffer.from(value))
  if (Array.isArray(value)) return own(NodeBuffer.from(listParameter(value, 'array', Number)))
  if (typeof value === 'object' && value !== null) {
    const primitive: unknown = value.valueOf()
    if (primitive !== value) return from(primitive, second, third)
  }
  throw parameterError('value', 'is neither text, a list, a buffer nor an ArrayBuffer')
}

/** In memory of its own: node's small buffers are parts of a pool, whose `buffer` is the pool's. */
function own(bytes: NodeBuffer): NodeBuffer {
  if (bytes.buffer.byteLength === bytes.length) return guard(bytes)
  const copy = NodeBuffer.alloc(bytes.length)
  bytes.copy(copy)
  return guard(copy)
}

function guard(bytes: NodeBuffer): NodeBuffer {
  return Object.setPrototypeOf(bytes, prototype)
}

/** Runs one of node's methods; its errors become BusinessErrors, buffers it gives out become those of this kit. */
function translating(name: string, method: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return function (this: unknown, ...args: unknown[]) {
    try {
      const result: unknown = Reflect.apply(method, this, args)
      return NodeBuffer.isBuffer(result) && result !== this ? guard(result) : result
    } catch (error) {
      throw translated(name, error)
    }
  }
}

function translated(name: string, error: unknown): unknown {
  if (error instanceof BusinessError || !(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'ERR_OUT_OF_RANGE':
    case 'ERR_BUFFER_OUT_OF_BOUNDS':
      return outOfRange(/"(\w+)"/.exec(error.message)?.[1] ?? 'offset', error)
    case 'ERR_INVALID_BUFFER_SIZE':
      return wrongBufferSize(Number(/\d+/.exec(name)?.[0] ?? 8), error)
    case 'ERR_INVALID_ARG_TYPE':
    case 'ERR_INVALID_ARG_VALUE':
    case 'ERR_UNKNOWN_ENCODING':
      return parameterError(/"(\w+)"/.exec(error.message)?.[1] ?? name, error.message)
    default:
      return error
  }
}

function methodsOf(object: object): [string, (...args: unknown[]) => unknown][] {
  return Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(([name, { value }]) =>
    name !== 'constructor' && isFunction(value) ? [[name, value]] : [],
  )
}

function encodingParameter(value: unknown): BufferEncoding {
  if (value === undefined || value === null) return 'utf8'
  const name = textParameter(value, 'encoding')
  if (NodeBuffer.isEncoding(name)) return name
  throw parameterError('encoding', `${name} is not provided`)
}

function uint8Parameter(value: unknown, field: string): Uint8Array {
  if (types.isUint8Array(value)) return value
  throw parameterError(field, 'is neither a Buffer nor a Uint8Array')
}

function bytesOf(value: unknown): { readonly length: number } {
  if (types.isAnyArrayBuffer(value)) return { length: value.byteLength }
  if (ArrayBuffer.isView(value)) return { length: value.byteLength }
  throw parameterError('value', 'is neither text nor a buffer')
}

function isTranscodable(value: string): value is 'utf8' | 'ucs2' | 'latin1' | 'ascii' | 'binary' {
  return ['utf8', 'utf-8', 'ucs2', 'ucs-2', 'utf16le', 'utf-16le', 'latin1', 'ascii', 'binary'].includes(
    value,
  )
}

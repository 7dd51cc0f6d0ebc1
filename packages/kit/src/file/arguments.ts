import { types } from 'node:util'

import { invalidArgument } from './file-error.ts'
import { KitFile } from './kit-file.ts'

/** A path: text without NUL. There is nothing at the empty one, as the kernel says. */
export function pathArgument(value: unknown, name = 'path'): string {
  if (typeof value === 'string' && !value.includes('\0')) return value
  throw invalidArgument(name, 'is not a path')
}

/** A descriptor: 0 or more. */
export function descriptorArgument(value: unknown, name = 'fd'): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw invalidArgument(name, 'is not a file descriptor')
}

/** A descriptor, given as a number or as an open File. */
export function fileArgument(value: unknown): number {
  return value instanceof KitFile ? value.fd : descriptorArgument(value, 'file')
}

/** A whole number of at least 0, or `absent` when there is none. */
export function countArgument<T>(value: unknown, name: string, absent: T): number | T {
  if (value === undefined || value === null) return absent
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw invalidArgument(name, 'is not a whole number of at least 0')
}

/** The bytes of an ArrayBuffer or of a view on one, in place. */
export function bytesArgument(value: unknown, name = 'buffer'): Uint8Array {
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  throw invalidArgument(name, 'is not an ArrayBuffer')
}

/** A member of an options object that may be absent. */
export function option(options: unknown, member: string): unknown {
  if (options === undefined || options === null) return undefined
  if (typeof options === 'object') return Reflect.get(options, member)
  throw invalidArgument('options', 'is not an object')
}

/** `encoding` of an options object: only UTF-8 is there. */
export function checkEncoding(options: unknown): void {
  const encoding = option(options, 'encoding')
  if (encoding === undefined || encoding === 'utf-8' || encoding === 'utf8') return
  throw invalidArgument('options.encoding', 'is not utf-8, the only one provided')
}

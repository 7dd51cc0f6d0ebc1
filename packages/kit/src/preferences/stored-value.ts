import { types } from 'node:util'

import { parameterError } from '../parameters.ts'

/** What JSON carries. */
type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json }

/**
 * A value as it stands in a preferences file: plain JSON for text, finite numbers, booleans and lists of them, and a
 * tagged object for the rest.
 */
export type StoredValue =
  | boolean
  | number
  | string
  | readonly (boolean | number | string)[]
  | { readonly type: 'number' | 'bigint' | 'bytes'; readonly text: string }
  | { readonly type: 'object'; readonly value: Json }

/** `preferences.MAX_VALUE_LENGTH`: characters of a text, bytes of a list of bytes. */
export const maxValueLength: number = 16 * 1024 * 1024

/**
 * Takes a value of the extension over, as a copy.
 *
 * @throws BusinessError 401 for what preferences cannot hold
 */
export function storeValue(value: unknown, field: string): StoredValue {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') {
    const plain = Number.isFinite(value) && !Object.is(value, -0)
    return plain ? value : { type: 'number', text: numberText(value) }
  }
  if (typeof value === 'bigint') return { type: 'bigint', text: String(value) }
  if (typeof value === 'string') {
    if (value.length <= maxValueLength) return value
    throw parameterError(field, `has more than ${maxValueLength} characters`)
  }
  if (typeof value === 'object' && value !== null) return storeObject(value, field)
  throw parameterError(field, 'is not a value that preferences can hold')
}

/** The value for the extension: a new copy each time. */
export function restoreValue(stored: StoredValue): unknown {
  if (typeof stored !== 'object') return stored
  if (isList(stored)) return [...stored]
  switch (stored.type) {
    case 'number':
      return Number(stored.text)
    case 'bigint':
      return BigInt(stored.text)
    case 'bytes':
      return new Uint8Array(Buffer.from(stored.text, 'base64'))
    case 'object':
      return structuredClone(stored.value)
    default:
      return stored satisfies never
  }
}

/** Whether two stored values are the same. */
export function isSameValue(one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

/** Checks what a file holds: a value of {@link StoredValue}, as far as it can be told. */
export function isStoredValue(value: unknown): value is StoredValue {
  if (typeof value !== 'object') return ['boolean', 'number', 'string'].includes(typeof value)
  if (value === null) return false
  if (Array.isArray(value)) return value.every(isScalar)
  const type: unknown = Reflect.get(value, 'type')
  if (type === 'object') return 'value' in value
  return (
    (type === 'number' || type === 'bigint' || type === 'bytes') &&
    typeof Reflect.get(value, 'text') === 'string'
  )
}

function storeObject(value: object, field: string): StoredValue {
  if (types.isUint8Array(value)) {
    if (value.length > maxValueLength) throw parameterError(field, `has more than ${maxValueLength} bytes`)
    return { type: 'bytes', text: Buffer.from(value).toString('base64') }
  }
  if (isPlainList(value)) return [...value]
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch {
    text = undefined
  }
  if (text === undefined) throw parameterError(field, 'is an object that JSON cannot hold')
  if (text.length > maxValueLength) throw parameterError(field, `has more than ${maxValueLength} characters`)
  const copy: Json = JSON.parse(text)
  return { type: 'object', value: copy }
}

function isPlainList(value: unknown): value is (boolean | number | string)[] {
  return Array.isArray(value) && value.every(isScalar)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'boolean' || typeof value === 'string' || Number.isFinite(value)
}

function isList(stored: StoredValue): stored is readonly (boolean | number | string)[] {
  return Array.isArray(stored)
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

import { type Field, parameterError, property, shown } from './field.ts'

/** The object in a field. @throws BusinessError 401 when there is none; arrays and functions are none. */
export function objectOf(field: Field): object {
  const { value } = field
  if (typeof value !== 'object' || value === null || isArray(field)) {
    throw parameterError(field, field.present ? `must be an object, not ${describe(field)}` : 'is missing')
  }
  return value
}

/** The text in a field that must have one. @throws BusinessError 401 */
export function textOf(field: Field): string {
  if (typeof field.value === 'string') return field.value
  throw parameterError(field, field.present ? `must be a string, not ${describe(field)}` : 'is missing')
}

/** The number in a field that must have one; NaN and infinities are numbers. @throws BusinessError 401 */
export function numberOf(field: Field): number {
  if (typeof field.value === 'number') return field.value
  throw parameterError(field, field.present ? `must be a number, not ${describe(field)}` : 'is missing')
}

/** The boolean in a field that must have one. @throws BusinessError 401 */
export function booleanOf(field: Field): boolean {
  if (typeof field.value === 'boolean') return field.value
  throw parameterError(field, field.present ? `must be a boolean, not ${describe(field)}` : 'is missing')
}

/**
 * An optional field: `undefined` counts as absent, anything else goes through `read`.
 *
 * @param read one of the readers of this file
 */
export function optional<T>(field: Field, read: (field: Field) => T): T | undefined {
  return field.value === undefined ? undefined : read(field)
}

/** An array of a field, not yet walked. */
export interface FieldArray {
  /** Number of elements, as the array says. */
  readonly length: number
  /** Reads all elements, each once. */
  items(): Field[]
}

/** The array in a field. Nothing is walked, so that a limit can be checked first. @throws BusinessError 401 */
export function arrayOf(field: Field): FieldArray {
  const { value } = field
  if (!isArray(field) || typeof value !== 'object' || value === null) {
    throw parameterError(field, field.present ? `must be an array, not ${describe(field)}` : 'is missing')
  }
  const { value: length } = property(field, value, 'length')
  // A real array cannot fail this; a proxy of one can.
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    throw parameterError(field, 'must be an array with a length')
  }
  return { length, items: () => Array.from({ length }, (_, index) => property(field, value, index)) }
}

/** Whether the field holds an array. @throws BusinessError 401 for a revoked proxy, of which nobody can tell */
export function isArray(field: Field): boolean {
  try {
    return Array.isArray(field.value)
  } catch {
    throw parameterError(field, 'cannot be read')
  }
}

function describe(field: Field): string {
  return isArray(field) ? 'an array' : shown(field.value)
}

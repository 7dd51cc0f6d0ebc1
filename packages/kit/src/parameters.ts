import { type BusinessError, businessError } from '@vpnext/api'

/** The error for an argument of the wrong type or without a possible value: 401, naming it. */
export function parameterError(field: string, reason: string): BusinessError {
  return businessError(401, { field, reason })
}

/** @throws BusinessError 401 */
export function textParameter(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw parameterError(field, 'is not a text')
}

/** A finite number. @throws BusinessError 401 */
export function numberParameter(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw parameterError(field, 'is not a number')
}

/** A safe integer from `least` to `most`, both included. @throws BusinessError 401 */
export function integerParameter(
  value: unknown,
  field: string,
  least: number = Number.MIN_SAFE_INTEGER,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most)
    return value
  throw parameterError(field, `is not a whole number from ${least} to ${most}`)
}

/** @throws BusinessError 401 */
export function booleanParameter(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw parameterError(field, 'is neither true nor false')
}

/** @throws BusinessError 401 */
export function objectParameter(value: unknown, field: string): object {
  if (typeof value === 'object' && value !== null) return value
  throw parameterError(field, 'is not an object')
}

/** A function of the extension; its signature cannot be seen. */
export type AnyFunction = (...args: unknown[]) => unknown

/** @throws BusinessError 401 */
export function functionParameter(value: unknown, field: string): AnyFunction {
  if (isFunction(value)) return value
  throw parameterError(field, 'is not a function')
}

export function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}

/** A list, each element read by `read`. @throws BusinessError 401 */
export function listParameter<T>(
  value: unknown,
  field: string,
  read: (element: unknown, field: string) => T,
): T[] {
  if (!Array.isArray(value)) throw parameterError(field, 'is not a list')
  return value.map((element: unknown, index) => read(element, `${field}[${index}]`))
}

/**
 * A member of an object that may be absent: undefined and null both count as absent.
 *
 * @throws what `read` throws for a member that is there
 */
export function optionalMember<T>(
  object: object,
  name: string,
  field: string,
  read: (value: unknown, field: string) => T,
): T | undefined {
  return optionalParameter(Reflect.get(object, name), `${field}.${name}`, read)
}

/** An argument that may be absent: undefined and null both count as absent. @throws what `read` throws for one that is there */
export function optionalParameter<T>(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => T,
): T | undefined {
  return value === undefined || value === null ? undefined : read(value, field)
}

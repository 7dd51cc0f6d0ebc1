import type { ApiCall } from '../errors/api-call.ts'
import { type BusinessError, businessError } from '../errors/business-error.ts'

/**
 * One value handed in from outside, read exactly once, with the path an error names it by. A getter or proxy behind it
 * cannot change the value between check and use, because nobody looks at the source again.
 */
export interface Field {
  /** For example `config.routes[17].gateway`. */
  readonly path: string
  /** The call whose argument this is; it chooses the text of a 401. */
  readonly call: ApiCall
  /** False when the object has no such property, own or inherited. `Object.prototype` does not count. */
  readonly present: boolean
  readonly value: unknown
}

/** Deepest prototype chain that is searched. A proxy can answer with ever new prototypes. */
const PROTOTYPE_DEPTH = 32

/** The argument itself. */
export function rootField(value: unknown, path: string, call: ApiCall): Field {
  return { path, call, present: value !== undefined, value }
}

/**
 * Property `name` of the object in `parent`, read once.
 *
 * @throws BusinessError 401 naming the property when reading it throws (a getter, a proxy)
 */
export function property(parent: Field, object: object, name: string | number): Field {
  const path = typeof name === 'number' ? `${parent.path}[${name}]` : `${parent.path}.${name}`
  try {
    const present = hasProperty(object, name)
    const value: unknown = present ? Reflect.get(object, name) : undefined
    return { path, call: parent.call, present, value }
  } catch (cause) {
    throw businessError(401, { field: path, reason: 'cannot be read' }, { call: parent.call, cause })
  }
}

/** `in`, blind to `Object.prototype`: a polluted one must not add fields to every config. */
function hasProperty(object: object, name: string | number): boolean {
  let holder: object | null = object
  for (let depth = 0; holder !== null && holder !== Object.prototype; depth += 1) {
    if (depth === PROTOTYPE_DEPTH) throw new RangeError('prototype chain too deep')
    if (Object.hasOwn(holder, name)) return true
    holder = Reflect.getPrototypeOf(holder)
  }
  return false
}

/** Cuts a record off `Object.prototype`, so that a polluted one cannot answer for members it lacks. */
export function withoutPrototype<T extends object>(record: T): T {
  return { __proto__: null, ...record }
}

/** The 401 for a field: missing, of the wrong type, or without a possible meaning. */
export function parameterError(
  field: Pick<Field, 'path' | 'call'>,
  reason: string,
  hint?: string,
): BusinessError {
  const detail = { field: field.path, reason, ...(hint === undefined ? {} : { hint }) }
  return businessError(401, detail, { call: field.call })
}

/** The 2200001 for a well-typed value outside our rules. */
export function valueError(path: string, reason: string, hint?: string): BusinessError {
  return businessError(2200001, { field: path, reason, ...(hint === undefined ? {} : { hint }) })
}

/** A value as an error's text may show it: quoted, escaped, cut after 60 characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) {
    return String(value)
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

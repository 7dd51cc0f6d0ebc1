import type { Fields, Schema, Shape } from './schema.ts'

/** A value that does not fit its schema. */
export class InvalidValueError extends TypeError {
  override readonly name = 'InvalidValueError'
  /** Path of the member at fault, e.g. `config.routes[17].gateway`. */
  readonly field: string
  /** What is wrong with it, in words; never its value, which may be secret. */
  readonly reason: string

  constructor(field: string, reason: string) {
    super(`${field} ${reason}`)
    this.field = field
    this.reason = reason
  }
}

/** An object of which nothing is known. */
interface Members {
  readonly [name: string]: unknown
}

/** The deepest nesting of a {@link t.json} value; keeps the walk, and whoever gets the value, off the stack's end. */
const maxJsonDepth = 64

/**
 * Reduces an object to what `fields` know of it.
 *
 * @param path what an error message calls the object, `''` to begin with the field names
 * @returns the object itself when it is plain and has nothing else; a copy otherwise
 * @throws InvalidValueError naming the first member that does not fit
 */
export function conform(fields: Fields, value: unknown, path: string): object {
  if (!isObject(value)) throw new InvalidValueError(path === '' ? 'parameters' : path, 'must be an object')
  if (fitsAsItIs(fields, value)) return value
  let unchanged = Object.getPrototypeOf(value) === Object.prototype
  let left = unchanged ? Object.keys(value).length : 0
  const copy: Record<string, unknown> = {}
  for (const name of namesOf(fields).all) {
    const schema = fields[name]
    if (schema === undefined) continue
    const has = Object.hasOwn(value, name)
    if (!has && schema.shape.kind === 'maybe') continue
    const member: unknown = has ? Reflect.get(value, name) : undefined
    const fitted = fit(schema, member, path === '' ? name : `${path}.${name}`)
    if (has) left -= 1
    if (fitted !== member) unchanged = false
    if (fitted !== undefined) copy[name] = fitted
  }
  return unchanged && left === 0 ? value : copy
}

/**
 * Whether an object is plain and has simple members alone, which all fit. Most messages are like that, and to see it takes a
 * fraction of the time that the way by names and paths takes; what is not seen here may fit nevertheless.
 */
function fitsAsItIs(fields: Fields, value: Members): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  let required = 0
  for (const name of Object.keys(value)) {
    const shape = fields[name]?.shape
    if (shape === undefined || !isSimple(shape, value[name])) return false
    if (shape.kind !== 'maybe') required += 1
  }
  return required === namesOf(fields).required
}

function isSimple(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return Number.isSafeInteger(value)
    case 'maybe':
      return value === undefined || isSimple(shape.element.shape, value)
    case 'array':
      return Array.isArray(value) && value.length === 0
    default:
      return false
  }
}

interface Names {
  readonly all: readonly string[]
  /** How many of them must be there. */
  readonly required: number
}

const names = new WeakMap<Fields, Names>()

function namesOf(fields: Fields): Names {
  const known = names.get(fields)
  if (known !== undefined) return known
  const all = Object.keys(fields)
  const required = all.filter((name) => fields[name]?.shape.kind !== 'maybe').length
  const made = { all, required }
  names.set(fields, made)
  return made
}

function fit({ shape }: Schema, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string') throw new InvalidValueError(path, 'must be a string')
      return value
    case 'bool':
      if (typeof value !== 'boolean') throw new InvalidValueError(path, 'must be true or false')
      return value
    case 'int':
      if (!Number.isSafeInteger(value))
        throw new InvalidValueError(path, 'must be an integer within ±(2^53 - 1)')
      return value
    case 'float':
      if (!Number.isFinite(value)) throw new InvalidValueError(path, 'must be a finite number')
      return value
    case 'json':
      if (!isObject(value)) throw new InvalidValueError(path, 'must be an object')
      return fitJson(value, () => path, maxJsonDepth)
    case 'oneOf':
      if (typeof value !== 'string' || !shape.choices.includes(value)) {
        throw new InvalidValueError(path, `must be one of ${shape.choices.join(', ')}`)
      }
      return value
    case 'maybe':
      return value === undefined || value === null ? undefined : fit(shape.element, value, path)
    case 'array':
      if (!Array.isArray(value)) throw new InvalidValueError(path, 'must be a list')
      return fitList(shape.element, value, path)
    case 'map':
      if (!isObject(value)) throw new InvalidValueError(path, 'must be an object')
      return Object.fromEntries(
        Object.entries(value).map(([key, element]) => [
          key,
          fit(shape.element, element, memberPath(path, key)),
        ]),
      )
    case 'struct':
      return conform(shape.fields, value, path)
    default:
      return shape satisfies never
  }
}

/** @returns the list itself when all of it fits as it is */
function fitList(element: Schema, list: readonly unknown[], path: string): readonly unknown[] {
  const fitted = list.map((value, index) => fit(element, value, `${path}[${index}]`))
  return fitted.every((value, index) => value === list[index]) ? list : fitted
}

/** A path is made only for an error: for a config of 10,000 routes the paths took longer than everything else. */
type Path = () => string

function fitJson(value: unknown, path: Path, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new InvalidValueError(path(), 'must be a finite number')
    return value
  }
  if (typeof value !== 'object')
    throw new InvalidValueError(path(), `cannot be written as JSON: ${typeof value}`)
  if (depth === 0) throw new InvalidValueError(path(), `is nested deeper than ${maxJsonDepth} levels`)
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => fitJson(element, () => `${path()}[${index}]`, depth - 1))
  }
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    // As a member of a copy it would be the copy's prototype.
    if (key === '__proto__' || member === undefined) continue
    copy[key] = fitJson(member, () => memberPath(path(), key), depth - 1)
  }
  return copy
}

/** A key may be anything, also half a megabyte: one that is no short word is quoted and cut. */
function memberPath(path: string, key: string): string {
  return /^\w{1,64}$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key.slice(0, 64))}]`
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

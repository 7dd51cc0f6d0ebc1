import type { JsonValue } from '../types/want.ts'
import { type Field, parameterError, property, shown } from './field.ts'
import { arrayOf, isArray, objectOf } from './read-field.ts'

/** How much may be copied. */
export interface CopyBounds {
  /** Objects, arrays and plain values together. */
  readonly values: number
  readonly depth: number
  /** UTF-16 units of keys and texts together. */
  readonly characters: number
}

/**
 * Copies an object of JSON values, each read once. Members that JSON leaves out (`undefined`, functions, symbols) are left
 * out; what JSON would silently change or cannot carry is an error.
 *
 * @throws BusinessError 401 naming the member: a number that is not finite, a bigint, a key `__proto__`, a cycle, or more
 *   than `bounds` allow
 */
export function copyJsonObject(field: Field, bounds: CopyBounds): Record<string, JsonValue> {
  return new Copier(bounds).object(field, 1)
}

class Copier {
  readonly #bounds: CopyBounds
  #values = 0
  #characters = 0

  constructor(bounds: CopyBounds) {
    this.#bounds = bounds
  }

  object(field: Field, depth: number): Record<string, JsonValue> {
    const object = objectOf(field)
    this.#enter(field, depth)
    const copy: Record<string, JsonValue> = {}
    for (const key of ownKeys(field, object)) {
      this.#count(field, key)
      if (key === '__proto__')
        throw parameterError({ ...field, path: `${field.path}.__proto__` }, 'is not allowed')
      const member = property(field, object, key)
      if (isCarried(member.value)) copy[key] = this.#value(member, depth)
    }
    return copy
  }

  #array(field: Field, depth: number): JsonValue[] {
    const array = arrayOf(field)
    if (array.length > this.#bounds.values - this.#values) throw this.#tooMany(field)
    this.#enter(field, depth)
    // As JSON does: an element cannot be left out, so it becomes null.
    return array
      .items()
      .map((item) => this.#value(isCarried(item.value) ? item : { ...item, value: null }, depth))
  }

  #value(field: Field, depth: number): JsonValue {
    const { value } = field
    if (typeof value === 'object' && value !== null) {
      return isArray(field) ? this.#array(field, depth + 1) : this.object(field, depth + 1)
    }
    this.#enter(field, depth)
    switch (typeof value) {
      case 'boolean':
        return value
      case 'string':
        this.#count(field, value)
        return value
      case 'number':
        if (Number.isFinite(value)) return value
        break
      case 'object':
        return null
      default:
    }
    throw parameterError(field, `${shown(value)} cannot be passed on`)
  }

  /** Counts a value. A cycle ends here, too. */
  #enter(field: Field, depth: number): void {
    this.#values += 1
    if (this.#values > this.#bounds.values) throw this.#tooMany(field)
    if (depth > this.#bounds.depth) {
      throw parameterError(field, `is nested more than ${this.#bounds.depth} deep, or contains itself`)
    }
  }

  #count(field: Field, text: string): void {
    this.#characters += text.length
    if (this.#characters > this.#bounds.characters) {
      throw parameterError(field, `more than ${this.#bounds.characters} characters in all`)
    }
  }

  #tooMany(field: Field): Error {
    return parameterError(field, `more than ${this.#bounds.values} values in all`)
  }
}

function isCarried(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'
}

/** Own enumerable text keys; `Object.keys` runs no getter, but a proxy's traps. */
function ownKeys(field: Field, object: object): string[] {
  try {
    return Object.keys(object)
  } catch {
    throw parameterError(field, 'cannot be read')
  }
}

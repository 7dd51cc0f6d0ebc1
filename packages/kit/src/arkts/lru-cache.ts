import { integerParameter, parameterError } from '../parameters.ts'

const defaultCapacity = 64
const maxCapacity = 2 ** 31 - 1

/** `util.LRUCache`: as many entries as its capacity; the one that was used longest ago makes room. */
export class LruCache {
  readonly #entries = new Map<unknown, unknown>()
  #capacity: number
  #puts = 0
  #creates = 0
  #hits = 0
  #misses = 0
  #removals = 0

  constructor(capacity: unknown = defaultCapacity) {
    this.#capacity = capacityParameter(capacity)
  }

  get length(): number {
    return this.#entries.size
  }

  updateCapacity(capacity: unknown): void {
    this.#capacity = capacityParameter(capacity)
    this.#makeRoom()
  }

  /** Undefined when there is none and `createDefault` makes none. */
  get(key: unknown): unknown {
    checkKey(key)
    if (this.#entries.has(key)) {
      this.#hits++
      const value = this.#entries.get(key)
      this.#entries.delete(key)
      this.#entries.set(key, value)
      return value
    }
    this.#misses++
    const made = this.createDefault(key)
    if (made === undefined) return undefined
    this.#creates++
    this.put(key, made)
    return made
  }

  /** @returns the former value, or the new one */
  put(key: unknown, value: unknown): unknown {
    checkKey(key)
    if (value === undefined || value === null) throw parameterError('value', 'is missing')
    const replaced = this.#entries.get(key)
    this.#puts++
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (replaced !== undefined) this.afterRemoval(false, key, replaced, value)
    this.#makeRoom()
    return replaced ?? value
  }

  /** @returns the value that was there */
  remove(key: unknown): unknown {
    checkKey(key)
    const value = this.#entries.get(key)
    if (this.#entries.delete(key)) this.afterRemoval(false, key, value, undefined)
    return value
  }

  contains(key: unknown): boolean {
    const found = this.#entries.has(key)
    if (found) this.get(key)
    return found
  }

  isEmpty(): boolean {
    return this.#entries.size === 0
  }

  clear(): void {
    for (const [key, value] of this.#entries) this.afterRemoval(false, key, value, undefined)
    this.#entries.clear()
  }

  /** For subclasses: makes the value of a key that is not there. */
  createDefault(_key: unknown): unknown {
    return undefined
  }

  /** For subclasses: hears of every value that goes; `isEvict`: to make room. */
  afterRemoval(_isEvict: boolean, _key: unknown, _value: unknown, _newValue: unknown): void {
    // Nobody listens unless a subclass does.
  }

  keys(): unknown[] {
    return [...this.#entries.keys()]
  }

  values(): unknown[] {
    return [...this.#entries.values()]
  }

  entries(): IterableIterator<[unknown, unknown]> {
    return this.#entries.entries()
  }

  [Symbol.iterator](): IterableIterator<[unknown, unknown]> {
    return this.entries()
  }

  getCapacity(): number {
    return this.#capacity
  }
  getPutCount(): number {
    return this.#puts
  }
  getCreateCount(): number {
    return this.#creates
  }
  getMatchCount(): number {
    return this.#hits
  }
  getMissCount(): number {
    return this.#misses
  }
  getRemovalCount(): number {
    return this.#removals
  }

  toString(): string {
    const asked = this.#hits + this.#misses
    const rate = asked === 0 ? 0 : Math.trunc((this.#hits * 100) / asked)
    return `LRUCache[ maxSize = ${this.#capacity}, hits = ${this.#hits}, misses = ${this.#misses}, hitRate = ${rate}% ]`
  }

  #makeRoom(): void {
    for (const [key, value] of this.#entries) {
      if (this.#entries.size <= this.#capacity) return
      this.#entries.delete(key)
      this.#removals++
      this.afterRemoval(true, key, value, undefined)
    }
  }
}

function capacityParameter(value: unknown): number {
  return integerParameter(value, 'capacity', 1, maxCapacity)
}

function checkKey(key: unknown): void {
  if (key === undefined || key === null) throw parameterError('key', 'is missing')
}

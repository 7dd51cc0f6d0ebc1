/** Says whether the first of two keys comes first. */
export type Precedes = (one: unknown, other: unknown) => boolean

/** Keys and values in an order. */
export interface Entries {
  readonly size: number
  get(key: unknown): unknown
  has(key: unknown): boolean
  set(key: unknown, value: unknown): unknown
  delete(key: unknown): boolean
  clear(): void
  keys(): IterableIterator<unknown>
}

/** By key: numbers and texts as they compare, others as their texts do. */
const natural: Precedes = (one, other) =>
  typeof one === 'number' && typeof other === 'number' ? one < other : String(one) < String(other)

/** Keys and values in the order of the keys. Two keys of which neither precedes the other are one. */
export class SortedEntries implements Entries {
  readonly #precedes: Precedes
  readonly #keys: unknown[] = []
  readonly #values: unknown[] = []

  constructor(precedes: Precedes | undefined) {
    this.#precedes = precedes ?? natural
  }

  get size(): number {
    return this.#keys.length
  }

  get(key: unknown): unknown {
    return this.has(key) ? this.#values[this.placeOf(key)] : undefined
  }

  has(key: unknown): boolean {
    const place = this.placeOf(key)
    return place < this.#keys.length && !this.#precedes(key, this.#keys[place])
  }

  set(key: unknown, value: unknown): void {
    const place = this.placeOf(key)
    const isThere = this.has(key)
    this.#keys.splice(place, isThere ? 1 : 0, key)
    this.#values.splice(place, isThere ? 1 : 0, value)
  }

  delete(key: unknown): boolean {
    if (!this.has(key)) return false
    const place = this.placeOf(key)
    this.#keys.splice(place, 1)
    this.#values.splice(place, 1)
    return true
  }

  clear(): void {
    this.#keys.length = 0
    this.#values.length = 0
  }

  keys(): IterableIterator<unknown> {
    return this.#keys[Symbol.iterator]()
  }

  /** The key at a place; undefined outside. */
  keyAt(place: number): unknown {
    return this.#keys[place]
  }

  /** The place of a key, or where it would be. */
  placeOf(key: unknown): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#precedes(this.#keys[middle], key)) low = middle + 1
      else high = middle
    }
    return low
  }
}

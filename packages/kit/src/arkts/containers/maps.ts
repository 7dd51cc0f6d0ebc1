import { functionParameter, integerParameter, parameterError } from '../../parameters.ts'
import { outOfRange } from '../arkts-error.ts'
import { emptyContainer, indexParameter } from './container-error.ts'
import { type Entries, SortedEntries } from './keyed.ts'

type Visit = (value: unknown, key: unknown, map: unknown) => void

/** What the maps of ArkTS have in common. */
class KeyedMap {
  protected readonly stored: Entries

  constructor(stored: Entries) {
    this.stored = stored
  }

  get length(): number {
    return this.stored.size
  }
  isEmpty(): boolean {
    return this.stored.size === 0
  }
  hasKey(key: unknown): boolean {
    return this.stored.has(key)
  }
  hasValue(value: unknown): boolean {
    return this.valueList().includes(value)
  }
  get(key: unknown): unknown {
    return this.stored.get(key)
  }
  set(key: unknown, value: unknown): unknown {
    this.stored.set(key, value)
    return this
  }
  /** @throws BusinessError 401 for what is no map of this kind */
  setAll(map: unknown): void {
    if (!(map instanceof KeyedMap)) throw parameterError('map', 'is not such a map')
    for (const [key, value] of map) this.stored.set(key, value)
  }
  /** @returns the value that was there */
  remove(key: unknown): unknown {
    const value = this.stored.get(key)
    this.stored.delete(key)
    return value
  }
  clear(): void {
    this.stored.clear()
  }
  keys(): IterableIterator<unknown> {
    return this.keyList()[Symbol.iterator]()
  }
  values(): IterableIterator<unknown> {
    return this.valueList()[Symbol.iterator]()
  }
  entries(): IterableIterator<[unknown, unknown]> {
    return this.pairs()[Symbol.iterator]()
  }
  [Symbol.iterator](): IterableIterator<[unknown, unknown]> {
    return this.entries()
  }
  forEach(visit: Visit, thisArgument?: unknown): void {
    for (const [key, value] of this.pairs()) Reflect.apply(visit, thisArgument, [value, key, this])
  }

  protected keyList(): unknown[] {
    return [...this.stored.keys()]
  }
  protected valueList(): unknown[] {
    return this.keyList().map((key) => this.stored.get(key))
  }
  protected pairs(): [unknown, unknown][] {
    return this.keyList().map((key) => [key, this.stored.get(key)])
  }
}

/** `HashMap`: its order is that of insertion here. */
export class HashMap extends KeyedMap {
  constructor() {
    super(new Map())
  }
  /** @returns whether there was such a key */
  replace(key: unknown, value: unknown): boolean {
    if (!this.stored.has(key)) return false
    this.stored.set(key, value)
    return true
  }
}

/** `TreeMap`, with keys in their order or in that of a comparator. */
export class TreeMap extends KeyedMap {
  readonly #sorted: SortedEntries

  constructor(comparator?: unknown) {
    const precedes = comparator === undefined ? undefined : functionParameter(comparator, 'comparator')
    const sorted = new SortedEntries(precedes && ((one, other) => precedes(one, other) === true))
    super(sorted)
    this.#sorted = sorted
  }
  replace(key: unknown, value: unknown): boolean {
    if (!this.stored.has(key)) return false
    this.stored.set(key, value)
    return true
  }
  getFirstKey(): unknown {
    return this.#sorted.keyAt(0)
  }
  getLastKey(): unknown {
    return this.#sorted.keyAt(this.length - 1)
  }
  /** The nearest key before. */
  getLowerKey(key: unknown): unknown {
    return this.#sorted.keyAt(this.#sorted.placeOf(key) - 1)
  }
  /** The nearest key behind. */
  getHigherKey(key: unknown): unknown {
    return this.#sorted.keyAt(this.#sorted.placeOf(key) + (this.stored.has(key) ? 1 : 0))
  }
}

/** What maps have whose entries can be counted off. */
class IndexedMap extends KeyedMap {
  getIndexOfKey(key: unknown): number {
    return this.keyList().indexOf(key)
  }
  getIndexOfValue(value: unknown): number {
    return this.valueList().indexOf(value)
  }
  /** @throws BusinessError 401, 10200001 */
  getKeyAt(index: unknown): unknown {
    return this.keyList()[indexParameter(index, this.length)]
  }
  /** @throws BusinessError 401, 10200001 */
  getValueAt(index: unknown): unknown {
    return this.valueList()[indexParameter(index, this.length)]
  }
  override toString(): string {
    return this.pairs()
      .map(([key, value]) => `${String(key)}:${String(value)}`)
      .join(',')
  }
}

/** `LightWeightMap`: its order is that of insertion here. */
export class LightWeightMap extends IndexedMap {
  constructor() {
    super(new Map())
  }
  /** Whether every entry of another is in this one. */
  hasAll(map: unknown): boolean {
    if (!(map instanceof LightWeightMap)) throw parameterError('map', 'is not a LightWeightMap')
    return [...map].every(([key, value]) => this.stored.has(key) && this.stored.get(key) === value)
  }
  increaseCapacityTo(capacity: unknown): void {
    integerParameter(capacity, 'minimumCapacity', 0)
  }
  removeAt(index: unknown): boolean {
    const place = integerParameter(index, 'index')
    return place >= 0 && place < this.length && this.stored.delete(this.keyList()[place])
  }
  /** @throws BusinessError 401, 10200001 */
  setValueAt(index: unknown, value: unknown): boolean {
    this.stored.set(this.getKeyAt(index), value)
    return true
  }
}

/** `PlainArray`: numbers to values, in the order of the numbers. */
export class PlainArray extends IndexedMap {
  constructor() {
    super(new SortedEntries((one, other) => Number(one) < Number(other)))
  }
  add(key: unknown, value: unknown): void {
    this.stored.set(integerParameter(key, 'key'), value)
  }
  has(key: unknown): boolean {
    return this.stored.has(key)
  }
  clone(): PlainArray {
    const copy = new PlainArray()
    for (const [key, value] of this) copy.add(key, value)
    return copy
  }
  removeAt(index: unknown): unknown {
    const place = integerParameter(index, 'index')
    return place < 0 || place >= this.length ? undefined : this.remove(this.keyList()[place])
  }
  /** @returns how many are gone. @throws BusinessError 401, 10200001 */
  removeRangeFrom(index: unknown, size: unknown): number {
    const start = indexParameter(index, this.length)
    const keys = this.keyList().slice(start, start + integerParameter(size, 'size', 1))
    for (const key of keys) this.stored.delete(key)
    return keys.length
  }
  /** @throws BusinessError 401, 10200001, 10200010 */
  setValueAt(index: unknown, value: unknown): void {
    if (this.length === 0) throw emptyContainer()
    const place = integerParameter(index, 'index')
    if (place < 0 || place >= this.length) throw outOfRange('index')
    this.stored.set(this.keyList()[place], value)
  }
}

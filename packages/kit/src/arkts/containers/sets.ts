import { functionParameter, integerParameter, parameterError } from '../../parameters.ts'
import { emptyContainer } from './container-error.ts'
import { type Entries, SortedEntries } from './keyed.ts'

type Visit = (value: unknown, key: unknown, set: unknown) => void

/** What the sets of ArkTS have in common. */
class KeyedSet {
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
  has(value: unknown): boolean {
    return this.stored.has(value)
  }
  /** @returns whether it was not there */
  add(value: unknown): boolean {
    if (this.stored.has(value)) return false
    this.stored.set(value, value)
    return true
  }
  clear(): void {
    this.stored.clear()
  }
  values(): IterableIterator<unknown> {
    return this.list()[Symbol.iterator]()
  }
  entries(): IterableIterator<[unknown, unknown]> {
    const pairs = this.list().map((value): [unknown, unknown] => [value, value])
    return pairs[Symbol.iterator]()
  }
  [Symbol.iterator](): IterableIterator<unknown> {
    return this.values()
  }
  forEach(visit: Visit, thisArgument?: unknown): void {
    for (const value of this.list()) Reflect.apply(visit, thisArgument, [value, value, this])
  }

  protected list(): unknown[] {
    return [...this.stored.keys()]
  }
}

/** `HashSet`: its order is that of insertion here. */
export class HashSet extends KeyedSet {
  constructor() {
    super(new Map())
  }
  remove(value: unknown): boolean {
    return this.stored.delete(value)
  }
}

/** `TreeSet`, with values in their order or in that of a comparator. */
export class TreeSet extends KeyedSet {
  readonly #sorted: SortedEntries

  constructor(comparator?: unknown) {
    const precedes = comparator === undefined ? undefined : functionParameter(comparator, 'comparator')
    const sorted = new SortedEntries(precedes && ((one, other) => precedes(one, other) === true))
    super(sorted)
    this.#sorted = sorted
  }
  remove(value: unknown): boolean {
    return this.stored.delete(value)
  }
  getFirstValue(): unknown {
    return this.#sorted.keyAt(0)
  }
  getLastValue(): unknown {
    return this.#sorted.keyAt(this.length - 1)
  }
  /** The nearest value before. */
  getLowerValue(value: unknown): unknown {
    return this.#sorted.keyAt(this.#sorted.placeOf(value) - 1)
  }
  /** The nearest value behind. */
  getHigherValue(value: unknown): unknown {
    return this.#sorted.keyAt(this.#sorted.placeOf(value) + (this.has(value) ? 1 : 0))
  }
  /** @throws BusinessError 10200010 */
  popFirst(): unknown {
    return this.#take(this.getFirstValue())
  }
  /** @throws BusinessError 10200010 */
  popLast(): unknown {
    return this.#take(this.getLastValue())
  }

  #take(value: unknown): unknown {
    if (this.length === 0) throw emptyContainer()
    this.stored.delete(value)
    return value
  }
}

/** `LightWeightSet`: its order is that of insertion here. */
export class LightWeightSet extends KeyedSet {
  constructor() {
    super(new Map())
  }
  addAll(set: unknown): boolean {
    return lightWeight(set)
      .list()
      .map((value) => this.add(value))
      .includes(true)
  }
  hasAll(set: unknown): boolean {
    return lightWeight(set)
      .list()
      .every((value) => this.stored.has(value))
  }
  equal(other: unknown): boolean {
    const values =
      other instanceof LightWeightSet ? other.list() : Array.isArray(other) ? [...other] : undefined
    return (
      values !== undefined && values.length === this.length && values.every((value) => this.stored.has(value))
    )
  }
  increaseCapacityTo(capacity: unknown): void {
    integerParameter(capacity, 'minimumCapacity', 0)
  }
  getIndexOf(value: unknown): number {
    return this.list().indexOf(value)
  }
  getValueAt(index: unknown): unknown {
    return this.list()[integerParameter(index, 'index')]
  }
  /** @returns the value, undefined when it was not there */
  remove(value: unknown): unknown {
    return this.stored.delete(value) ? value : undefined
  }
  removeAt(index: unknown): boolean {
    const place = integerParameter(index, 'index')
    return place >= 0 && place < this.length && this.stored.delete(this.list()[place])
  }
  toArray(): unknown[] {
    return this.list()
  }
  override toString(): string {
    return this.list().join(',')
  }
}

function lightWeight(value: unknown): LightWeightSet {
  if (value instanceof LightWeightSet) return value
  throw parameterError('set', 'is not a LightWeightSet')
}

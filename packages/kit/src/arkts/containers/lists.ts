import { integerParameter } from '../../parameters.ts'
import { outOfRange } from '../arkts-error.ts'
import { emptyContainer, indexParameter } from './container-error.ts'
import { Sequence } from './sequence.ts'

/** Growing room is the engine's business: a list has always as much as it needs, and at least this. */
const leastCapacity = 10

/** `ArrayList`. */
export class ArrayList extends Sequence {
  #capacity = leastCapacity

  subArrayList(from: unknown, to: unknown): this {
    return this.part(from, to)
  }

  clone(): this {
    return this.filled(this)
  }

  getCapacity(): number {
    return Math.max(this.#capacity, this.length)
  }

  increaseCapacityTo(capacity: unknown): void {
    this.#capacity = Math.max(this.getCapacity(), integerParameter(capacity, 'newCapacity', 0))
  }

  trimToCurrentLength(): void {
    this.#capacity = this.length
  }
}

/** `Vector`, which newer code writes as `ArrayList`. */
export class Vector extends ArrayList {
  /** @throws BusinessError 401, 10200001 */
  get(index: unknown): unknown {
    return this[indexParameter(index, this.length)]
  }

  /** @returns the former element. @throws BusinessError 401, 10200001 */
  set(index: unknown, element: unknown): unknown {
    const place = indexParameter(index, this.length)
    const former = this[place]
    this[place] = element
    return former
  }

  getFirstElement(): unknown {
    return this[0]
  }

  getLastElement(): unknown {
    return this.at(-1)
  }

  /** From a place on. @throws BusinessError 401, 10200001 */
  getIndexFrom(element: unknown, index: unknown): number {
    return this.indexOf(element, indexParameter(index, this.length))
  }

  /** From a place backwards. @throws BusinessError 401, 10200001 */
  getLastIndexFrom(element: unknown, index: unknown): number {
    return this.lastIndexOf(element, indexParameter(index, this.length))
  }

  subVector(from: unknown, to: unknown): this {
    return this.part(from, to)
  }

  copyToArray(array: unknown[]): void {
    for (const [index, element] of this.entries()) array[index] = element
  }

  /** Cuts, or fills with undefined. */
  setLength(length: unknown): void {
    const wanted = integerParameter(length, 'newSize', 0)
    while (this.length < wanted) this.push(undefined)
    this.length = wanted
  }

  override toString(): string {
    return this.join(',')
  }
}

/** `List`. */
export class List extends Sequence {
  /** Undefined outside of the list. */
  get(index: unknown): unknown {
    return this[integerParameter(index, 'index')]
  }

  /** @returns the former element. @throws BusinessError 401, 10200001 */
  set(index: unknown, element: unknown): unknown {
    const place = indexParameter(index, this.length)
    const former = this[place]
    this[place] = element
    return former
  }

  getFirst(): unknown {
    return this[0]
  }

  getLast(): unknown {
    return this.at(-1)
  }

  equal(other: unknown): boolean {
    return (
      other instanceof Sequence &&
      other.length === this.length &&
      this.every((element, index) => element === other[index])
    )
  }

  getSubList(from: unknown, to: unknown): this {
    return this.part(from, to)
  }
}

/** `LinkedList`: what it promises of speed holds here for its ends only. */
export class LinkedList extends Sequence {
  /** Undefined outside of the list. */
  get(index: unknown): unknown {
    return this[integerParameter(index, 'index')]
  }

  /** @throws BusinessError 401, 10200001 */
  set(index: unknown, element: unknown): unknown {
    this[indexParameter(index, this.length)] = element
    return element
  }

  addFirst(element: unknown): void {
    this.unshift(element)
  }

  /** @throws BusinessError 10200010 */
  removeFirst(): unknown {
    if (this.length === 0) throw emptyContainer()
    return this.shift()
  }

  /** @throws BusinessError 10200010 */
  removeLast(): unknown {
    if (this.length === 0) throw emptyContainer()
    return this.pop()
  }

  removeFirstFound(element: unknown): boolean {
    if (this.length === 0) throw emptyContainer()
    if (!this.remove(element)) throw outOfRange('element')
    return true
  }

  removeLastFound(element: unknown): boolean {
    if (this.length === 0) throw emptyContainer()
    const index = this.lastIndexOf(element)
    if (index === -1) throw outOfRange('element')
    this.splice(index, 1)
    return true
  }

  getFirst(): unknown {
    return this[0]
  }

  getLast(): unknown {
    return this.at(-1)
  }

  clone(): this {
    return this.filled(this)
  }
}

import { integerParameter } from '../../parameters.ts'
import { outOfRange } from '../arkts-error.ts'
import { indexParameter, rangeParameters } from './container-error.ts'

/**
 * What the lists of ArkTS have in common. They are arrays, so that `list[0]`, `list.length` and `for … of` are what they are on the
 * device.
 */
export class Sequence extends Array<unknown> {
  /** What array methods make is no list of ArkTS. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  add(element: unknown): boolean {
    this.push(element)
    return true
  }

  /** At most one behind the last. @throws BusinessError 401, 10200001 */
  insert(element: unknown, index: unknown): void {
    const place = integerParameter(index, 'index')
    if (place < 0 || place > this.length) throw outOfRange('index')
    this.splice(place, 0, element)
  }

  has(element: unknown): boolean {
    return this.includes(element)
  }

  getIndexOf(element: unknown): number {
    return this.indexOf(element)
  }

  getLastIndexOf(element: unknown): number {
    return this.lastIndexOf(element)
  }

  /** @returns the element. @throws BusinessError 401, 10200001 */
  removeByIndex(index: unknown): unknown {
    return this.splice(indexParameter(index, this.length), 1)[0]
  }

  /** The first such element. @returns whether there was one */
  remove(element: unknown): boolean {
    const index = this.indexOf(element)
    if (index !== -1) this.splice(index, 1)
    return index !== -1
  }

  clear(): void {
    this.length = 0
  }

  isEmpty(): boolean {
    return this.length === 0
  }

  convertToArray(): unknown[] {
    return Array.from(this)
  }

  /** @throws BusinessError 401, 10200001 */
  removeByRange(from: unknown, to: unknown): void {
    const [start, end] = rangeParameters(from, to, this.length)
    this.splice(start, end - start)
  }

  /** Puts what the function makes of each element in its place. */
  replaceAllElements(
    make: (value: unknown, index: number, list: this) => unknown,
    thisArgument?: unknown,
  ): void {
    for (const [index, value] of this.entries()) {
      this[index] = Reflect.apply(make, thisArgument, [value, index, this])
    }
  }

  /** A part in a list of its own. @throws BusinessError 401, 10200001 */
  protected part(from: unknown, to: unknown): this {
    const [start, end] = rangeParameters(from, to, this.length)
    return this.filled(this.slice(start, end))
  }

  /** A list of this kind with these elements. */
  protected filled(elements: readonly unknown[]): this {
    const list: this = Reflect.construct(this.constructor, [])
    for (const element of elements) list.push(element)
    return list
  }
}

import { integerParameter } from '../../parameters.ts'

/** `collections.Array`: a list; a single number given to its constructor is its first element. */
export class SendableArray<T> extends Array<T> {
  static {
    // What `map`, `slice` and their like make: as long as they say.
    const value = function (length: number): SendableArray<unknown> {
      const made = new SendableArray<unknown>()
      made.length = length
      return made
    }
    Object.defineProperty(this, Symbol.species, { value, configurable: true })
  }

  /** A list of one value, so many times. */
  static create<T>(length: unknown, initial: T): SendableArray<T> {
    const made = new SendableArray<T>()
    made.extendTo(length, initial)
    return made
  }

  constructor(...elements: T[]) {
    super()
    this.push(...elements)
  }

  /** Drops what is beyond; no effect on a shorter list. */
  shrinkTo(length: unknown): void {
    this.length = Math.min(this.length, integerParameter(length, 'arrayLength', 0))
  }

  /** Adds one value until the list is so long; no effect on a longer one. */
  extendTo(length: unknown, initial: T): void {
    const wanted = integerParameter(length, 'arrayLength', 0)
    while (this.length < wanted) this.push(initial)
  }
}

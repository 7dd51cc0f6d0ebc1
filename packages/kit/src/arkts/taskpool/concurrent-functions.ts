import type { AnyFunction } from '../../parameters.ts'

/** The name of the global that compiled code hands its functions with `@Concurrent` to. */
export const concurrentGlobal = '__vpnextConcurrent'

/**
 * The functions with `@Concurrent` that a thread has loaded. Threads that load the same script number them alike, which is how one names to another the
 * function that it wants to run there.
 */
export class ConcurrentFunctions {
  readonly #numbers = new Map<AnyFunction, number>()
  readonly #functions: AnyFunction[] = []

  add(func: AnyFunction): void {
    if (this.#numbers.has(func)) return
    this.#numbers.set(func, this.#functions.length)
    this.#functions.push(func)
  }

  has(func: AnyFunction): boolean {
    return this.#numbers.has(func)
  }

  /** Undefined for a function without the decorator. */
  numberOf(func: AnyFunction): number | undefined {
    return this.#numbers.get(func)
  }

  /** @throws RangeError when the thread has loaded another script */
  get(number: number): AnyFunction {
    const func = this.#functions[number]
    if (func === undefined) throw new RangeError(`the thread has no concurrent function ${number}`)
    return func
  }
}

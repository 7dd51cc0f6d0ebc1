import { parameterError } from '../parameters.ts'
import { outOfRange } from './arkts-error.ts'

/** Numbers, or objects that compare themselves: `compareTo` says whether this one is at least the other. */
type Bound = number | { compareTo(other: unknown): boolean }

/** `util.ScopeHelper`: from one bound to another, both included. */
export class ScopeHelper {
  readonly #lower: Bound
  readonly #upper: Bound

  /** @throws BusinessError 401; 10200001 when the upper bound is below the lower one */
  constructor(lower: unknown, upper: unknown) {
    this.#lower = boundParameter(lower, 'lowerObj')
    this.#upper = boundParameter(upper, 'upperObj')
    if (!isAtLeast(this.#upper, this.#lower)) throw outOfRange('upperObj')
  }

  getLower(): Bound {
    return this.#lower
  }
  getUpper(): Bound {
    return this.#upper
  }
  toString(): string {
    return `[${boundText(this.#lower)}, ${boundText(this.#upper)}]`
  }

  /** A value, or every value of a scope. */
  contains(value: unknown): boolean {
    if (value instanceof ScopeHelper) return this.contains(value.#lower) && this.contains(value.#upper)
    const bound = boundParameter(value, 'value')
    return isAtLeast(bound, this.#lower) && isAtLeast(this.#upper, bound)
  }

  /** The nearest value inside. */
  clamp(value: unknown): Bound {
    const bound = boundParameter(value, 'value')
    if (!isAtLeast(bound, this.#lower)) return this.#lower
    return isAtLeast(this.#upper, bound) ? bound : this.#upper
  }

  /** What is in both: with a scope, or with two bounds. @throws BusinessError 10200001 when nothing is */
  intersect(...args: unknown[]): ScopeHelper {
    const { lower, upper } = boundsOf(args)
    return new ScopeHelper(larger(this.#lower, lower), isAtLeast(upper, this.#upper) ? this.#upper : upper)
  }

  /** The smallest scope that holds both: a scope, two bounds or a value. */
  expand(...args: unknown[]): ScopeHelper {
    const { lower, upper } = boundsOf(args)
    return new ScopeHelper(isAtLeast(lower, this.#lower) ? this.#lower : lower, larger(this.#upper, upper))
  }
}

function boundsOf([first, second]: readonly unknown[]): { lower: Bound; upper: Bound } {
  if (first instanceof ScopeHelper) return { lower: first.getLower(), upper: first.getUpper() }
  const lower = boundParameter(first, 'lowerObj')
  return { lower, upper: second === undefined ? lower : boundParameter(second, 'upperObj') }
}

function boundText(bound: Bound): string {
  return typeof bound === 'number' ? String(bound) : JSON.stringify(bound)
}

function larger(one: Bound, other: Bound): Bound {
  return isAtLeast(one, other) ? one : other
}

function isAtLeast(one: Bound, other: Bound): boolean {
  return typeof one === 'number' ? one >= Number(other) : one.compareTo(other)
}

function boundParameter(value: unknown, field: string): Bound {
  if (typeof value === 'number' || isComparable(value)) return value
  throw parameterError(field, 'is neither a number nor an object with compareTo')
}

function isComparable(value: unknown): value is Exclude<Bound, number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'compareTo' in value &&
    typeof value.compareTo === 'function'
  )
}

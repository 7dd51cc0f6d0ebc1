import { integerParameter, textParameter } from '../parameters.ts'
import { unreadableText } from './arkts-error.ts'

/** `util.RationalNumber`: a fraction in its lowest terms. */
export class RationalNumber {
  readonly #numerator: number
  readonly #denominator: number

  /** @throws BusinessError 401 */
  constructor(numerator: unknown = 0, denominator: unknown = 1) {
    const [above, below] = [
      integerParameter(numerator, 'numerator'),
      integerParameter(denominator, 'denominator'),
    ]
    const factor = (below < 0 ? -1 : 1) * (greatestDivisor(above, below) || 1)
    this.#numerator = above / factor + 0
    this.#denominator = below / factor + 0
  }

  static parseRationalNumber(numerator: unknown, denominator: unknown): RationalNumber {
    return new RationalNumber(numerator, denominator)
  }

  /** `3:4` or `3/4`. @throws BusinessError 401, 10200002 */
  static createRationalFromString(text: unknown): RationalNumber {
    const parts = /^\s*([+-]?\d+)\s*[:/]\s*([+-]?\d+)\s*$/.exec(textParameter(text, 'rationalString'))
    if (parts === null) throw unreadableText('rationalString', 'rational')
    return new RationalNumber(Number(parts[1]), Number(parts[2]))
  }

  /** The largest whole number that divides both. */
  static getCommonFactor(one: unknown, other: unknown): number {
    return greatestDivisor(integerParameter(one, 'number1'), integerParameter(other, 'number2'))
  }

  static getCommonDivisor(one: unknown, other: unknown): number {
    return RationalNumber.getCommonFactor(one, other)
  }

  /** -1, 0 or 1. */
  compare(other: RationalNumber): number {
    return Math.sign(this.valueOf() - other.valueOf())
  }
  compareTo(other: RationalNumber): number {
    return this.compare(other)
  }
  equals(other: unknown): boolean {
    return other instanceof RationalNumber && other.toString() === this.toString()
  }
  valueOf(): number {
    return this.#numerator / this.#denominator
  }
  getNumerator(): number {
    return this.#numerator
  }
  getDenominator(): number {
    return this.#denominator
  }
  isZero(): boolean {
    return this.#numerator === 0 && this.#denominator !== 0
  }
  isNaN(): boolean {
    return this.#numerator === 0 && this.#denominator === 0
  }
  isFinite(): boolean {
    return this.#denominator !== 0
  }
  toString(): string {
    if (this.isNaN()) return 'NaN'
    if (!this.isFinite()) return this.#numerator > 0 ? 'Infinity' : '-Infinity'
    return `${this.#numerator}/${this.#denominator}`
  }
}

function greatestDivisor(one: number, other: number): number {
  let [a, b] = [Math.abs(one), Math.abs(other)]
  while (b !== 0) [a, b] = [b, a % b]
  return a
}

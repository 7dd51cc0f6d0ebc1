import { numberParameter, objectParameter, parameterError, textParameter } from '../parameters.ts'
import { localeParameter } from './locale-parameter.ts'

/** A unit: what it measures, and how much of the first unit of that kind it is. */
interface Unit {
  readonly kind: 'length' | 'area' | 'volume' | 'mass' | 'speed' | 'time' | 'data' | 'temperature'
  readonly factor: number
  /** Where the scale begins; of temperatures. */
  readonly offset?: number
}

const gallonUs = 3.785411784
const gallonUk = 4.54609

/**
 * Metres, square metres, litres, kilograms, metres a second, seconds, bytes, kelvins. Factors are those of NIST SP 811, appendix B, and of the
 * British Weights and Measures Act 1985.
 */
const units: Readonly<Record<string, Unit>> = {
  millimeter: { kind: 'length', factor: 0.001 },
  centimeter: { kind: 'length', factor: 0.01 },
  meter: { kind: 'length', factor: 1 },
  kilometer: { kind: 'length', factor: 1000 },
  inch: { kind: 'length', factor: 0.0254 },
  foot: { kind: 'length', factor: 0.3048 },
  yard: { kind: 'length', factor: 0.9144 },
  mile: { kind: 'length', factor: 1609.344 },
  hectare: { kind: 'area', factor: 10_000 },
  acre: { kind: 'area', factor: 4046.8564224 },
  milliliter: { kind: 'volume', factor: 0.001 },
  liter: { kind: 'volume', factor: 1 },
  cup: { kind: 'volume', factor: gallonUs / 16 },
  pint: { kind: 'volume', factor: gallonUs / 8 },
  quart: { kind: 'volume', factor: gallonUs / 4 },
  gallon: { kind: 'volume', factor: gallonUs },
  'fluid-ounce': { kind: 'volume', factor: gallonUs / 128 },
  gram: { kind: 'mass', factor: 0.001 },
  kilogram: { kind: 'mass', factor: 1 },
  ounce: { kind: 'mass', factor: 0.028349523125 },
  pound: { kind: 'mass', factor: 0.45359237 },
  stone: { kind: 'mass', factor: 6.35029318 },
  'meter-per-second': { kind: 'speed', factor: 1 },
  'kilometer-per-hour': { kind: 'speed', factor: 1 / 3.6 },
  'mile-per-hour': { kind: 'speed', factor: 0.44704 },
  millisecond: { kind: 'time', factor: 0.001 },
  second: { kind: 'time', factor: 1 },
  minute: { kind: 'time', factor: 60 },
  hour: { kind: 'time', factor: 3600 },
  day: { kind: 'time', factor: 86_400 },
  week: { kind: 'time', factor: 604_800 },
  bit: { kind: 'data', factor: 0.125 },
  byte: { kind: 'data', factor: 1 },
  kilobyte: { kind: 'data', factor: 1024 },
  megabyte: { kind: 'data', factor: 1024 ** 2 },
  gigabyte: { kind: 'data', factor: 1024 ** 3 },
  terabyte: { kind: 'data', factor: 1024 ** 4 },
  celsius: { kind: 'temperature', factor: 1, offset: 273.15 },
  fahrenheit: { kind: 'temperature', factor: 5 / 9, offset: 459.67 * (5 / 9) },
  kelvin: { kind: 'temperature', factor: 1, offset: 0 },
}

/** What is another amount in Britain. */
const british: Readonly<Record<string, Unit>> = {
  cup: { kind: 'volume', factor: gallonUk / 16 },
  pint: { kind: 'volume', factor: gallonUk / 8 },
  quart: { kind: 'volume', factor: gallonUk / 4 },
  gallon: { kind: 'volume', factor: gallonUk },
  'fluid-ounce': { kind: 'volume', factor: gallonUk / 160 },
}

const styles = ['long', 'short', 'narrow'] as const

/**
 * `I18NUtil.unitConvert`: an amount in another unit, written as a language has it. What cannot be converted is written in the unit it has.
 *
 * @throws BusinessError 401, also for a unit that Intl.NumberFormat cannot write (`cup`, `kelvin`)
 */
export function convertUnit(
  from: unknown,
  to: unknown,
  value: unknown,
  locale: unknown,
  style: unknown = 'short',
): string {
  const source = readUnit(from, 'fromUnit')
  const target = readUnit(to, 'toUnit')
  const amount = numberParameter(value, 'value')
  const unitDisplay = styles.find((known) => known === style)
  if (unitDisplay === undefined) throw parameterError('style', `is none of ${styles.join(', ')}`)
  const isSame = source.unit?.kind === target.unit?.kind
  const converted =
    isSame && source.unit && target.unit ? convert(amount, source.unit, target.unit) : undefined
  const unit = converted === undefined ? source.name : target.name
  const { baseName } = localeParameter(locale, 'locale')
  try {
    return new Intl.NumberFormat(baseName, { style: 'unit', unit, unitDisplay }).format(converted ?? amount)
  } catch {
    throw parameterError(
      converted === undefined ? 'fromUnit.unit' : 'toUnit.unit',
      `${unit} cannot be written here`,
    )
  }
}

function convert(amount: number, from: Unit, to: Unit): number {
  return (amount * from.factor + (from.offset ?? 0) - (to.offset ?? 0)) / to.factor
}

function readUnit(value: unknown, field: string): { readonly name: string; readonly unit: Unit | undefined } {
  const info = objectParameter(value, field)
  const name = textParameter(Reflect.get(info, 'unit'), `${field}.unit`)
  const system = textParameter(Reflect.get(info, 'measureSystem'), `${field}.measureSystem`)
  const own = system === 'UK' && Object.hasOwn(british, name) ? british[name] : undefined
  return { name, unit: own ?? (Object.hasOwn(units, name) ? units[name] : undefined) }
}

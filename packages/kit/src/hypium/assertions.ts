import { isDeepStrictEqual } from 'node:util'
import { errorText } from '@vpnext/native'

import { isFunction } from '../parameters.ts'
import { matchObject } from './match-object.ts'
import { show } from './show.ts'

/** What an assertion finds. */
export interface Verdict {
  readonly holds: boolean
  /** Why it does not. */
  readonly message: string
}

/** An assertion: what `expect` was given, and what the assertion was. */
export type Assertion = (actual: unknown, args: readonly unknown[]) => Verdict

const verdict = (holds: boolean, message: string): Verdict => ({ holds, message })

/** Compares whatever can be put in an order: numbers, texts, dates. */
function ordered(words: string, holds: (actual: never, other: never) => boolean): Assertion {
  return (actual, [other]) =>
    verdict(
      Reflect.apply(holds, undefined, [actual, other]),
      `${show(actual)} is not ${words} ${show(other)}`,
    )
}

function equals(words: string, value: unknown): Assertion {
  return (actual) => verdict(Object.is(actual, value), `expect ${words}, actualValue is ${show(actual)}`)
}

/** `expect(x).assertY(…)` for each Y that answers at once. */
export const assertions: Readonly<Record<string, Assertion>> = {
  assertTrue: equals('true', true),
  assertFalse: equals('false', false),
  assertNull: equals('null', null),
  assertUndefined: equals('undefined', undefined),
  assertNaN: equals('NaN', Number.NaN),
  assertPosUnlimited: equals('POSITIVE_INFINITY', Number.POSITIVE_INFINITY),
  assertNegUnlimited: equals('NEGATIVE_INFINITY', Number.NEGATIVE_INFINITY),
  assertEqual: (actual, [other]) => verdict(actual === other, `expect ${show(actual)} equals ${show(other)}`),
  assertDeepEquals: (actual, [other]) =>
    verdict(isDeepStrictEqual(actual, other), `${show(actual)} is not deeply equal to ${show(other)}`),
  assertFail: () => verdict(false, 'fail'),
  assertLess: ordered('less than', (actual, other) => actual < other),
  assertLessOrEqual: ordered('less than or equal to', (actual, other) => actual <= other),
  assertLarger: ordered('larger than', (actual, other) => actual > other),
  assertLargerOrEqual: ordered('larger than or equal to', (actual, other) => actual >= other),
  /** Relative to the actual value. */
  assertClose(actual, [other, precision]) {
    if (typeof actual !== 'number' || typeof other !== 'number' || typeof precision !== 'number')
      throw new TypeError('assertClose compares numbers')
    const difference = Math.abs(other - actual)
    const close = actual === 0 ? difference === 0 : difference / Math.abs(actual) < precision
    return verdict(close, `|${actual} - ${other}|/${actual} is not less than ${precision}`)
  },
  assertContain(actual, [part]) {
    const holds =
      typeof actual === 'string'
        ? actual.includes(String(part))
        : typeof actual === 'object' && actual !== null && Object.values(actual).includes(part)
    return verdict(holds, `${show(actual)} does not have ${show(part)}`)
  },
  /** By the name that `Object.prototype.toString` gives, or a class. */
  assertInstanceOf(actual, [type]) {
    const tag = Object.prototype.toString.call(actual).slice(8, -1)
    const named = (name: string): boolean => tag === name || namesOf(actual).includes(name)
    const holds = isFunction(type) ? actual instanceof type || tag === type.name : named(String(type))
    return verdict(holds, `${show(actual)} is ${tag}, not ${isFunction(type) ? type.name : String(type)}`)
  },
  assertMatchObj: (actual, [wanted]) => matchObject(actual, wanted),
  assertThrowError: throwing,
  assertThrow: throwing,
}

function throwing(actual: unknown, [message]: readonly unknown[]): Verdict {
  if (!isFunction(actual)) throw new TypeError('actualValue is not a function')
  try {
    actual()
  } catch (error) {
    const text = errorText(error)
    const holds = isFunction(message) ? error instanceof message : message === undefined || text === message
    return verdict(holds, `expected throw failed, ${text} is not ${String(message)}`)
  }
  return verdict(false, 'an error is not thrown while it is expected')
}

/** The classes of an object, by name. */
function namesOf(value: unknown): string[] {
  const names: string[] = []
  if (typeof value !== 'object' || value === null) return names
  for (
    let proto: unknown = Object.getPrototypeOf(value);
    proto !== null;
    proto = Object.getPrototypeOf(proto)
  ) {
    const made: unknown = Reflect.get(Object(proto), 'constructor')
    if (isFunction(made)) names.push(made.name)
  }
  return names
}

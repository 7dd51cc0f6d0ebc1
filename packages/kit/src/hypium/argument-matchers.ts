import { isDeepStrictEqual } from 'node:util'

import { isFunction, parameterError } from '../parameters.ts'

/** An argument that a stub or `assertMatchObj` accepts by its kind. */
export class Matcher {
  /** As it is told, e.g. `anyString`. */
  readonly name: string
  readonly accepts: (value: unknown) => boolean

  constructor(name: string, accepts: (value: unknown) => boolean) {
    this.name = name
    this.accepts = accepts
  }
}

type Accepts = (value: unknown) => boolean

/** Kinds that are accepted by `anyKind`, and refused by `notKind`. */
const kinds: readonly (readonly [name: string, accepts: Accepts])[] = [
  ['String', (value) => typeof value === 'string'],
  ['Boolean', (value) => typeof value === 'boolean'],
  ['Number', (value) => typeof value === 'number'],
  ['Obj', (value) => typeof value === 'object' && value !== null],
  ['Function', isFunction],
]

/** Matchers that compare with a value, and are made with it; each has an opposite, of values of the same kind. */
const made: readonly (readonly [name: string, opposite: string, make: (wanted: unknown) => Comparison])[] = [
  ['matchRegexs', 'notMatchRegexs', matching],
  ['containSubstring', 'notContainSubstring', withPart],
  ['containSubArray', 'notContainSubArray', withParts],
  ['containValue', 'notContainValue', withValue],
]

interface Comparison {
  /** Whether a value is of the kind that is compared. */
  readonly compares: Accepts
  readonly holds: Accepts
}

/** `ArgumentMatchers` of the framework. */
export const argumentMatchers: Readonly<Record<string, Matcher | ((wanted: unknown) => Matcher)>> =
  Object.fromEntries<Matcher | ((wanted: unknown) => Matcher)>([
    ['any', new Matcher('any', (value) => value !== undefined && value !== null)],
    ...kinds.flatMap(([name, accepts]): [string, Matcher][] => [
      [`any${name}`, new Matcher(`any${name}`, accepts)],
      [`not${name}`, new Matcher(`not${name}`, (value) => !accepts(value))],
    ]),
    ...made.flatMap(([name, opposite, make]): [string, (wanted: unknown) => Matcher][] => [
      [name, (wanted) => matcherOf(name, make(wanted), true)],
      [opposite, (wanted) => matcherOf(opposite, make(wanted), false)],
    ]),
  ])

/** Whether a value is what was asked for: accepted by a matcher, matched by a pattern, or deeply equal. */
export function isWanted(wanted: unknown, value: unknown): boolean {
  return wanted instanceof Matcher ? wanted.accepts(value) : isDeepStrictEqual(wanted, value)
}

function matcherOf(name: string, { compares, holds }: Comparison, wanted: boolean): Matcher {
  return new Matcher(name, (value) => compares(value) && holds(value) === wanted)
}

const isText: Accepts = (value) => typeof value === 'string'

function matching(pattern: unknown): Comparison {
  if (!(pattern instanceof RegExp)) throw parameterError('ArgumentMatchers', 'not a regex')
  return { compares: isText, holds: (value) => String(value).search(pattern) >= 0 }
}

function withPart(part: unknown): Comparison {
  if (typeof part !== 'string') throw parameterError('ArgumentMatchers', 'not a string')
  return { compares: isText, holds: (value) => String(value).includes(part) }
}

function withParts(parts: unknown): Comparison {
  if (!Array.isArray(parts)) throw parameterError('ArgumentMatchers', 'not an Array')
  const wanted: readonly unknown[] = parts
  return {
    compares: Array.isArray,
    holds: (value) => wanted.every((each) => withValue(each).holds(value)),
  }
}

function withValue(wanted: unknown): Comparison {
  return {
    compares: Array.isArray,
    holds: (value) => Array.isArray(value) && value.some((each: unknown) => isWanted(wanted, each)),
  }
}

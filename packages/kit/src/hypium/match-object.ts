import { isDeepStrictEqual } from 'node:util'

import type { Verdict } from './assertions.ts'
import { Matcher, isWanted } from './argument-matchers.ts'
import { show } from './show.ts'

/** `assertMatchObj`: whether an object has the members of another, each equal, accepted by its matcher, or such an object in turn. */
export function matchObject(actual: unknown, wanted: unknown): Verdict {
  if (!isObject(actual)) return { holds: false, message: 'expect actual value to be an object' }
  if (!isObject(wanted)) return { holds: false, message: 'expect expected value to be an object' }
  const wrong = Object.keys(wanted).flatMap((name) =>
    differences(name, Object.hasOwn(actual, name), Reflect.get(actual, name), Reflect.get(wanted, name)),
  )
  if (wrong.length === 0) return { holds: true, message: 'object matches expected structure' }
  return { holds: false, message: `object does not match expected structure: ${wrong.join('; ')}` }
}

function differences(name: string, there: boolean, actual: unknown, wanted: unknown): string[] {
  if (!there) return [`property '${name}' not found in actual object`]
  if (wanted instanceof Matcher) {
    return isWanted(wanted, actual)
      ? []
      : [`${name}: actual=${show(actual)}, expected=matcher(${wanted.name})`]
  }
  if (wanted instanceof RegExp && typeof actual === 'string') {
    return actual.search(wanted) >= 0 ? [] : [`${name}: actual=${actual}, expected=${show(wanted)}`]
  }
  if (isPlain(wanted)) {
    const { holds, message } = matchObject(actual, wanted)
    return holds ? [] : [`${name}: ${message}`]
  }
  return isDeepStrictEqual(actual, wanted)
    ? []
    : [`${name}: actual=${show(actual)}, expected=${show(wanted)}`]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Of an object of a class, such as a Date, the members are not all that there is of it. */
function isPlain(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]'
}

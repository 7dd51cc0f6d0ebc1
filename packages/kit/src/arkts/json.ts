import { randomUUID } from 'node:crypto'
import { errorText } from '@vpnext/native'

import {
  functionParameter,
  integerParameter,
  isFunction,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'

/** `JSON.BigIntMode`: which numbers become bigints. */
const bigIntMode = { DEFAULT: 0, PARSE_AS_BIGINT: 1, ALWAYS_PARSE_AS_BIGINT: 2 } as const

/** Texts, which are skipped, and whole numbers. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])/g

/** `JSON` of `@kit.ArkTS`, which shadows the global one. Errors are BusinessErrors 401. */
export function jsonNamespace(): object {
  return provide('JSON', {
    parse: (text: unknown, reviver?: unknown, options?: unknown) =>
      inWantedForm(parse(textParameter(text, 'text'), reviver, modeOf(options)), options),
    stringify: (value: unknown, replacer?: unknown, space?: unknown) => {
      try {
        return stringify(value, replacer, space)
      } catch (error) {
        throw parameterError('value', errorText(error))
      }
    },
    has: (object: unknown, property: unknown) =>
      Object.hasOwn(objectParameter(object, 'obj'), propertyName(property)),
    remove: (object: unknown, property: unknown) => {
      Reflect.deleteProperty(objectParameter(object, 'obj'), propertyName(property))
    },
    BigIntMode: provide('JSON.BigIntMode', bigIntMode),
    ParseReturnType: provide('JSON.ParseReturnType', { OBJECT: 0, MAP: 1 }),
  })
}

/** With `parseReturnType: MAP`, objects become maps, at every depth. */
function inWantedForm(value: unknown, options: unknown): unknown {
  const type: unknown =
    typeof options === 'object' && options !== null ? Reflect.get(options, 'parseReturnType') : undefined
  return type === 1 ? asMap(value) : value
}

function asMap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMap)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([key, member]) => [key, asMap(member)]))
}

/** What JSON cannot use of the arguments it ignores, as JavaScript does. */
function stringify(value: unknown, replacer: unknown, space: unknown): string | undefined {
  const indent = typeof space === 'string' || typeof space === 'number' ? space : undefined
  if (isFunction(replacer)) {
    return JSON.stringify(
      value,
      function (this: unknown, key: string, member: unknown) {
        return Reflect.apply(replacer, this, [key, member])
      },
      indent,
    )
  }
  const names = Array.isArray(replacer)
    ? replacer.filter((name): name is string | number => typeof name === 'string' || typeof name === 'number')
    : null
  return JSON.stringify(value, names, indent)
}

function parse(text: string, reviver: unknown, mode: number): unknown {
  const revive = reviver === undefined || reviver === null ? undefined : functionParameter(reviver, 'reviver')
  const step = (holder: unknown, key: string, value: unknown): unknown =>
    revive === undefined ? value : Reflect.apply(revive, holder, [key, value])
  try {
    if (mode === bigIntMode.DEFAULT) {
      return JSON.parse(
        text,
        revive === undefined
          ? undefined
          : function (this: unknown, key, value) {
              return step(this, key, value)
            },
      )
    }
    // Whole numbers travel as texts with a mark that nobody can know.
    const mark = `${randomUUID()}:`
    const marked = text.replaceAll(tokens, (token) => (isMarked(token, mode) ? `"${mark}${token}"` : token))
    return JSON.parse(marked, function (this: unknown, key: string, value: unknown) {
      const isNumber = typeof value === 'string' && value.startsWith(mark)
      return step(this, key, isNumber ? BigInt(value.slice(mark.length)) : value)
    })
  } catch (error) {
    if (error instanceof SyntaxError) throw parameterError('text', error.message)
    throw error
  }
}

function isMarked(token: string, mode: number): boolean {
  if (token.startsWith('"')) return false
  return mode === bigIntMode.ALWAYS_PARSE_AS_BIGINT || !Number.isSafeInteger(Number(token))
}

function modeOf(options: unknown): number {
  if (options === undefined || options === null) return bigIntMode.DEFAULT
  const mode: unknown = Reflect.get(objectParameter(options, 'options'), 'bigIntMode')
  return mode === undefined ? bigIntMode.DEFAULT : integerParameter(mode, 'options.bigIntMode', 0, 2)
}

function propertyName(value: unknown): string {
  const name = textParameter(value, 'property')
  if (name === '') throw parameterError('property', 'is empty')
  return name
}

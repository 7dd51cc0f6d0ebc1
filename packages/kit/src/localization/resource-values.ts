import { parameterError } from '../parameters.ts'
import { type ResourceErrorCode, resourceError } from './resource-error.ts'
import type { ResourceTable } from './resource-table.ts'

/** How the caller named the resource; the errors have other codes. */
export type AskedBy = 'id' | 'name'

/** `$string:name` as the whole of a value stands for another resource. */
const reference = /^\$(\w+):(.+)$/
/** Longest chain of references; a longer one goes round. */
const maxReferences = 32

/**
 * The value of an element, references followed.
 *
 * @throws BusinessError 9001002 or 9001004 when there is none, 9001006
 */
export function elementValue(table: ResourceTable, kind: string, name: string, asked: AskedBy): unknown {
  let value = table.value(kind, name)
  if (value === undefined) throw missing(kind, name, asked)
  for (let steps = 0; typeof value === 'string'; steps++) {
    const [, nextKind, nextName] = reference.exec(value) ?? []
    if (nextKind === undefined || nextName === undefined) break
    if (steps === maxReferences) throw resourceError(9001006, `${kind}.${name} goes round`)
    value = table.value(nextKind, nextName)
    if (value === undefined) throw missing(nextKind, nextName, asked)
  }
  return value
}

/** The texts of a `strarray`. */
export function stringArray(table: ResourceTable, name: string, asked: AskedBy): string[] {
  const value = elementValue(table, 'strarray', name, asked)
  if (!Array.isArray(value)) throw missing('strarray', name, asked)
  return value.map((element: unknown) => {
    const text: unknown =
      typeof element === 'object' && element !== null ? Reflect.get(element, 'value') : element
    const [, kind, target] = typeof text === 'string' ? (reference.exec(text) ?? []) : []
    return String(
      kind === undefined || target === undefined ? text : elementValue(table, kind, target, asked),
    )
  })
}

/** The text of a `plural` for a number, in the grammar of `locale`. */
export function pluralText(
  table: ResourceTable,
  name: string,
  count: number,
  asked: AskedBy,
  locale: Intl.Locale,
): string {
  const value = elementValue(table, 'plural', name, asked)
  if (!Array.isArray(value)) throw missing('plural', name, asked)
  const forms = new Map<unknown, unknown>(
    value.map((form: unknown) =>
      typeof form === 'object' && form !== null
        ? [Reflect.get(form, 'quantity'), Reflect.get(form, 'value')]
        : [undefined, undefined],
    ),
  )
  const category = new Intl.PluralRules(locale.baseName).select(count)
  const text = forms.get(category) ?? forms.get('other')
  if (typeof text !== 'string') throw missing('plural', name, asked)
  return text
}

/** `%d`, `%s`, `%f`, with a width or precision or not, `%1$s`, `%%`. */
const placeHolder = /%(?:%|(?:(\d+)\$)?[-+0 ]*\d*(?:\.(\d+))?([dsf]))/g

/**
 * Fills the place holders of a text.
 *
 * @throws BusinessError 9001007 or 9001008 when there are too few arguments or one is of the wrong type
 */
export function formatResource(text: string, args: readonly unknown[], asked: AskedBy): string {
  if (args.length === 0) return text
  let next = 0
  return text.replace(
    placeHolder,
    (whole, position: string | undefined, precision: string | undefined, kind: string | undefined) => {
      if (kind === undefined) return '%'
      const index = position === undefined ? next++ : Number(position) - 1
      const value = args[index]
      if (kind === 's' && typeof value === 'string') return value
      if (typeof value !== 'number' || kind === 's') {
        throw resourceError(
          asked === 'id' ? 9001007 : 9001008,
          `${whole}: argument ${index + 1} does not fit`,
        )
      }
      return kind === 'd' ? String(Math.trunc(value)) : value.toFixed(Number(precision ?? 6))
    },
  )
}

/** A `color` as a number 0xAARRGGBB; `#RGB` and `#RRGGBB` are opaque. */
export function colorNumber(value: unknown, name: string, asked: AskedBy): number {
  const digits =
    typeof value === 'string' ? /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(value)?.[1] : undefined
  if (digits === undefined) throw missing('color', name, asked)
  const long = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits
  return parseInt(long.length === 6 ? `ff${long}` : long, 16)
}

/** An `integer` or `float`; units (`vp`, `fp`, `px`) are dropped, as there is no screen. */
export function numberValue(
  table: ResourceTable,
  name: string,
  kinds: readonly string[],
  asked: AskedBy,
): number {
  const kind = kinds.find((candidate) => table.value(candidate, name) !== undefined)
  if (kind === undefined) throw missing(kinds.join(' or '), name, asked)
  const number = parseFloat(String(elementValue(table, kind, name, asked)))
  if (Number.isNaN(number)) throw missing(kind, name, asked)
  return number
}

/** @throws BusinessError 401 */
export function nameArgument(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw parameterError('resName', 'is not a name')
}

export function missing(kind: string, name: string, asked: AskedBy): Error {
  const code: ResourceErrorCode = asked === 'id' ? 9001002 : 9001004
  return resourceError(code, `there is no ${kind} ${name}`)
}

import { makePrefix, parseAddress, addressWidth } from '@vpnext/ip'
import {
  absent,
  entryOf,
  evaluate,
  type FilteredPacket,
  memberOf,
  stringOf,
  unknown,
  unknownPart,
  type Value,
  valueOf,
} from './expression.ts'

/** Elements of named sets, by name. */
export type Sets = ReadonlyMap<string, readonly unknown[]>

/** Undefined: it cannot be told. */
export type Judgement = boolean | undefined

/** Whether a packet meets a match statement. */
export function judgeMatch(match: unknown, packet: FilteredPacket, sets: Sets): Judgement {
  const left = evaluate(memberOf(match, 'left'), packet)
  if (left === absent) return false
  if (left === unknown) return undefined
  const right = memberOf(match, 'right')
  const op = stringOf(match, 'op')
  switch (op) {
    case '==':
    case 'in':
      return isAmong(left, elementsOf(right, sets))
    case '!=':
      return negated(isAmong(left, elementsOf(right, sets)))
    case '<':
      return typeof left === 'number' && typeof right === 'number' ? left < right : undefined
    case '>':
      return typeof left === 'number' && typeof right === 'number' ? left > right : undefined
    default:
      return undefined
  }
}

/** The right side as a list of elements, of which one must fit; undefined for a set that is not in the listing. */
function elementsOf(right: unknown, sets: Sets): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) return sets.get(right.slice(1))
  const [kind, body] = entryOf(right)
  if (kind === 'set') return Array.isArray(body) ? body : [body]
  return Array.isArray(right) ? right : [right]
}

function isAmong(value: Value, elements: readonly unknown[] | undefined): Judgement {
  if (elements === undefined) return undefined
  let isUncertain = false
  for (const element of elements) {
    const fits = fitsElement(value, element)
    if (fits === true) return true
    if (fits === undefined) isUncertain = true
  }
  return isUncertain ? undefined : false
}

function fitsElement(value: Value, element: unknown): Judgement {
  if (value === unknownPart) return undefined
  if (typeof element === 'string' || typeof element === 'number') return equals(value, element)
  const [kind, body] = entryOf(element)
  switch (kind) {
    case 'prefix':
      return isInPrefix(value, stringOf(body, 'addr'), memberOf(body, 'len'))
    case 'range':
      return Array.isArray(body) ? isInRange(value, body) : undefined
    case 'concat':
      return Array.isArray(body) && Array.isArray(value) ? fitsAll(value, body) : undefined
    // An element with a time-out or a comment.
    case 'elem':
      return fitsElement(value, memberOf(body, 'val'))
    default:
      return undefined
  }
}

function fitsAll(values: readonly Value[], elements: readonly unknown[]): Judgement {
  const parts = values.map((value, at) => fitsElement(value, elements[at]))
  if (parts.includes(false)) return false
  return parts.includes(undefined) ? undefined : true
}

function isInPrefix(value: Value, address: string, length: unknown): Judgement {
  const parsed = parseAddress(address)
  if (parsed === undefined || typeof length !== 'number' || typeof value !== 'bigint') return undefined
  const { address: first } = makePrefix(parsed, length)
  const last = first.value + (1n << BigInt(addressWidth(parsed.family) - length)) - 1n
  return value >= first.value && value <= last
}

function isInRange(value: Value, [from, to]: readonly unknown[]): Judgement {
  const first = literal(from)
  const last = literal(to)
  if (first === undefined || last === undefined || typeof value !== typeof first) return undefined
  return value >= first && value <= last
}

/** Names of marks and protocols may be printed as numbers or as words; then it cannot be told. */
function equals(value: Value, element: string | number): Judgement {
  const expected = literal(element)
  if (expected === undefined || typeof expected !== typeof value) return undefined
  return value === expected
}

function literal(value: unknown): Exclude<Value, readonly Value[]> | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const read = valueOf(value)
  return typeof read === 'object' ? undefined : read
}

function negated(judgement: Judgement): Judgement {
  return judgement === undefined ? undefined : !judgement
}

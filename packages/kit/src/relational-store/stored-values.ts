import { types } from 'node:util'

import { objectParameter, parameterError, textParameter } from '../parameters.ts'
import type { SqlValue } from './sqlite.ts'

/** What extension code gives and gets: `relationalStore.ValueType`. */
export type KitValue =
  null | number | string | boolean | Uint8Array | Float32Array | bigint | Asset | readonly Asset[]

/** `relationalStore.Asset`: a file that belongs to a row. Nothing here looks at the file. */
export interface Asset {
  readonly name: string
  readonly uri: string
  readonly path: string
  readonly createTime: string
  readonly modifyTime: string
  readonly size: string
  readonly status?: number
}

/** What SQLite has no type for is a blob that begins so, with a letter and text behind it. */
const mark = Buffer.from('\0vpnext.rdb\0')
const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const
const assetTexts = ['name', 'uri', 'path', 'createTime', 'modifyTime', 'size'] as const

/** A value as SQLite takes it. @throws BusinessError 401, naming the field */
export function sqlValue(value: unknown, field: string): SqlValue {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint')
    return value >= int64.least && value <= int64.most ? value : marked('n', String(value))
  if (value === null) return null
  if (types.isUint8Array(value)) return Uint8Array.from(value)
  if (types.isFloat32Array(value))
    return Uint8Array.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
  if (Array.isArray(value))
    return marked('l', JSON.stringify(value.map((each: unknown, at) => asset(each, `${field}[${at}]`))))
  if (typeof value === 'object') return marked('a', JSON.stringify(asset(value, field)))
  throw parameterError(field, 'is no value that a database holds')
}

/** A value as extension code gets it: a whole number beyond 2^53 loses digits, as on the device. */
export function kitValue(value: SqlValue): Exclude<KitValue, boolean> {
  if (typeof value === 'bigint') return Number(value)
  if (!(value instanceof Uint8Array)) return value
  return unmarked(value) ?? value
}

/** What a marked blob holds; undefined for any other. */
export function unmarked(blob: Uint8Array): Asset | readonly Asset[] | bigint | undefined {
  if (blob.length <= mark.length || Buffer.compare(blob.subarray(0, mark.length), mark) !== 0)
    return undefined
  const text = Buffer.from(blob.subarray(mark.length + 1)).toString()
  switch (blob[mark.length]) {
    case 'n'.charCodeAt(0):
      return BigInt(text)
    case 'a'.charCodeAt(0):
    case 'l'.charCodeAt(0): {
      const held: Asset | readonly Asset[] = JSON.parse(text)
      return held
    }
    default:
      return undefined
  }
}

function marked(kind: string, text: string): Uint8Array {
  return Uint8Array.from(Buffer.concat([mark, Buffer.from(`${kind}${text}`)]))
}

function asset(value: unknown, field: string): object {
  const given = objectParameter(value, field)
  const texts = assetTexts.map((name) => [name, textParameter(Reflect.get(given, name), `${field}.${name}`)])
  return { ...Object.fromEntries(texts), status: Reflect.get(given, 'status') ?? 1 }
}

/** A row to write: the columns and what they get. Members that are undefined say nothing. @throws BusinessError 401 */
export function valuesBucket(value: unknown, field: string): ReadonlyMap<string, SqlValue> {
  const object = objectParameter(value, field)
  const given: [unknown, unknown][] = types.isMap(object) ? [...object] : Object.entries(object)
  const entries = given.filter(([, each]) => each !== undefined)
  if (entries.length === 0) throw parameterError(field, 'is empty')
  return new Map(entries.map(([name, each]) => [String(name), sqlValue(each, `${field}.${String(name)}`)]))
}

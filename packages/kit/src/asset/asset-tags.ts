import { types } from 'node:util'

import { parameterError } from '../parameters.ts'

/** `asset.TagType`: the upper bits of a tag say what its value is. */
export const tagType = { BOOL: 0x1000_0000, NUMBER: 0x2000_0000, BYTES: 0x3000_0000 } as const

/** `asset.Tag`. */
export const tag = {
  SECRET: 0x3000_0001,
  ALIAS: 0x3000_0002,
  ACCESSIBILITY: 0x2000_0003,
  REQUIRE_PASSWORD_SET: 0x1000_0004,
  AUTH_TYPE: 0x2000_0005,
  AUTH_VALIDITY_PERIOD: 0x2000_0006,
  AUTH_CHALLENGE: 0x3000_0007,
  AUTH_TOKEN: 0x3000_0008,
  SYNC_TYPE: 0x2000_0010,
  IS_PERSISTENT: 0x1000_0011,
  DATA_LABEL_CRITICAL_1: 0x3000_0020,
  DATA_LABEL_CRITICAL_2: 0x3000_0021,
  DATA_LABEL_CRITICAL_3: 0x3000_0022,
  DATA_LABEL_CRITICAL_4: 0x3000_0023,
  DATA_LABEL_NORMAL_1: 0x3000_0030,
  DATA_LABEL_NORMAL_2: 0x3000_0031,
  DATA_LABEL_NORMAL_3: 0x3000_0032,
  DATA_LABEL_NORMAL_4: 0x3000_0033,
  DATA_LABEL_NORMAL_LOCAL_1: 0x3000_0034,
  DATA_LABEL_NORMAL_LOCAL_2: 0x3000_0035,
  DATA_LABEL_NORMAL_LOCAL_3: 0x3000_0036,
  DATA_LABEL_NORMAL_LOCAL_4: 0x3000_0037,
  RETURN_TYPE: 0x2000_0040,
  RETURN_LIMIT: 0x2000_0041,
  RETURN_OFFSET: 0x2000_0042,
  RETURN_ORDERED_BY: 0x2000_0043,
  CONFLICT_RESOLUTION: 0x2000_0044,
  UPDATE_TIME: 0x3000_0045,
  OPERATION_TYPE: 0x2000_0046,
  REQUIRE_ATTR_ENCRYPTED: 0x1000_0047,
  GROUP_ID: 0x3000_0048,
  WRAP_TYPE: 0x2000_0049,
} as const

export type TagName = keyof typeof tag
export type TagValue = boolean | number | Uint8Array
/** What an asset, a query or a change says. */
export type Attributes = ReadonlyMap<TagName, TagValue>

function isTagName(name: string): name is TagName {
  return Object.hasOwn(tag, name)
}

const all = Object.keys(tag).filter(isTagName)
const names = new Map<unknown, TagName>(all.map((name) => [tag[name], name]))

const startsWith =
  (prefix: string) =>
  (name: string): boolean =>
    name.startsWith(prefix)
export const criticalLabels: readonly TagName[] = all.filter(startsWith('DATA_LABEL_CRITICAL'))
/** Those that can be changed. */
export const normalLabels: readonly TagName[] = all.filter(startsWith('DATA_LABEL_NORMAL'))
/** What an asset has besides its secret and its labels, and a query may ask for. */
export const accessTags: readonly TagName[] = [
  'ALIAS',
  'ACCESSIBILITY',
  'AUTH_TYPE',
  'IS_PERSISTENT',
  'SYNC_TYPE',
  'REQUIRE_PASSWORD_SET',
  'REQUIRE_ATTR_ENCRYPTED',
  'GROUP_ID',
  'WRAP_TYPE',
]

/** Bytes that a value has at least and at most; labels have 1 to 2048. */
const sizes: Partial<Record<TagName, readonly [number, number]>> = {
  SECRET: [1, 1024],
  ALIAS: [1, 256],
  AUTH_CHALLENGE: [32, 32],
  AUTH_TOKEN: [1, 1024],
  UPDATE_TIME: [1, 1024],
  GROUP_ID: [8, 127],
}

const numbers: Partial<Record<TagName, (value: number) => boolean>> = {
  ACCESSIBILITY: (value) => value <= 2,
  AUTH_TYPE: (value) => value === 0 || value === 0xff,
  AUTH_VALIDITY_PERIOD: (value) => value >= 1 && value <= 600,
  SYNC_TYPE: (value) => value < 8,
  RETURN_TYPE: (value) => value <= 1,
  RETURN_LIMIT: (value) => value >= 1 && value <= 0x1_0000,
  RETURN_ORDERED_BY: (value) => {
    const name = names.get(value)
    return name !== undefined && (criticalLabels.includes(name) || normalLabels.includes(name))
  },
  CONFLICT_RESOLUTION: (value) => value <= 1,
  OPERATION_TYPE: (value) => value <= 1,
  WRAP_TYPE: (value) => value <= 1,
}

/** The name of a tag that was looked at. */
export function nameOf(value: TagValue | undefined): TagName | undefined {
  return names.get(value)
}

/** @throws BusinessError 401 for what is no map */
export function mapParameter(value: unknown, field: string): ReadonlyMap<unknown, unknown> {
  if (types.isMap(value)) return value
  throw parameterError(field, 'is not a Map')
}

/**
 * Looks at each tag and its value.
 *
 * @param allowed the tags that may be there
 * @throws BusinessError 401, naming the tag
 */
export function readAttributes(
  map: ReadonlyMap<unknown, unknown>,
  field: string,
  allowed: readonly TagName[],
): Attributes {
  const read = new Map<TagName, TagValue>()
  for (const [key, value] of map) {
    const name = names.get(key)
    if (name === undefined || !allowed.includes(name))
      throw parameterError(`${field}.${name ?? String(key)}`, 'is no tag of this call')
    read.set(name, valueParameter(name, value, `${field}.${name}`))
  }
  return read
}

function valueParameter(name: TagName, value: unknown, field: string): TagValue {
  switch (tag[name] & 0xf000_0000) {
    case tagType.BOOL:
      if (typeof value === 'boolean') return value
      throw parameterError(field, 'is neither true nor false')
    case tagType.NUMBER:
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
        if (numbers[name]?.(value) ?? true) return value
      }
      throw parameterError(field, 'is not a number that it may be')
    default: {
      if (!types.isUint8Array(value)) throw parameterError(field, 'is not a Uint8Array')
      const [least, most] = sizes[name] ?? [1, 2048]
      if (value.length < least || value.length > most)
        throw parameterError(field, `does not have ${least} to ${most} bytes`)
      return Uint8Array.from(value)
    }
  }
}

/** What extension code gets: the numbers of the tags, and copies of what they hold. */
export function toAssetMap(attributes: Attributes): Map<number, TagValue> {
  return new Map(
    [...attributes].map(([name, value]) => [
      tag[name],
      value instanceof Uint8Array ? Uint8Array.from(value) : value,
    ]),
  )
}

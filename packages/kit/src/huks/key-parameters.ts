import {
  booleanParameter,
  integerParameter,
  listParameter,
  objectParameter,
  parameterError,
} from '../parameters.ts'
import { huksError } from './huks-error.ts'
import { type TagName, tag, tagName, tagType } from './huks-tags.ts'

export type ParameterValue = boolean | number | bigint | Uint8Array

/** `huks.HuksParam`. */
export interface HuksParam {
  readonly tag: number
  readonly value: ParameterValue
}

/** What `HuksOptions.properties` says, each tag once. */
export class KeyParameters {
  readonly #values: ReadonlyMap<number, ParameterValue>

  constructor(values: ReadonlyMap<number, ParameterValue>) {
    this.#values = values
  }

  /** @throws BusinessError 401 */
  static read(value: unknown, field: string): KeyParameters {
    const values = new Map<number, ParameterValue>()
    for (const param of listParameter(value ?? [], field, readParam)) {
      if (values.has(param.tag)) throw parameterError(`${field}.${tagName(param.tag)}`, 'is there twice')
      values.set(param.tag, param.value)
    }
    return new KeyParameters(values)
  }

  get list(): HuksParam[] {
    return [...this.#values].map(([number, value]) => ({
      tag: number,
      value: value instanceof Uint8Array ? new Uint8Array(value) : value,
    }))
  }

  number(name: TagName): number | undefined {
    const value = this.#values.get(tag[name])
    return typeof value === 'number' ? value : undefined
  }

  bytes(name: TagName): Uint8Array | undefined {
    const value = this.#values.get(tag[name])
    return value instanceof Uint8Array ? value : undefined
  }

  has(name: TagName): boolean {
    return this.#values.get(tag[name]) === true
  }

  /** @throws BusinessError 12000002 */
  neededNumber(name: TagName): number {
    return this.number(name) ?? missing(name)
  }

  /** @throws BusinessError 12000002 */
  neededBytes(name: TagName): Uint8Array {
    return this.bytes(name) ?? missing(name)
  }

  /** The same, with a number more or another one. */
  with(name: TagName, value: number): KeyParameters {
    return new KeyParameters(new Map([...this.#values, [tag[name], value]]))
  }
}

function missing(name: TagName): never {
  throw huksError(12000002, name, 'is not among the properties')
}

function readParam(element: unknown, field: string): HuksParam {
  const param = objectParameter(element, field)
  const number: unknown = Reflect.get(param, 'tag')
  const name = tagName(number)
  if (typeof number !== 'number' || name === undefined) throw parameterError(`${field}.tag`, 'is no tag')
  return { tag: number, value: readValue(number, Reflect.get(param, 'value'), `${field}.value (${name})`) }
}

function readValue(number: number, value: unknown, field: string): ParameterValue {
  switch (number & 0xf000_0000) {
    case tagType.HUKS_TAG_TYPE_UINT:
      return integerParameter(value, field, 0, 2 ** 32 - 1)
    case tagType.HUKS_TAG_TYPE_ULONG:
      return typeof value === 'bigint' ? value : integerParameter(value, field, 0)
    case tagType.HUKS_TAG_TYPE_BOOL:
      return booleanParameter(value, field)
    case tagType.HUKS_TAG_TYPE_BYTES:
      if (value instanceof Uint8Array) return new Uint8Array(value)
      throw parameterError(field, 'is not a Uint8Array')
    default:
      throw parameterError(field, 'belongs to no tag')
  }
}

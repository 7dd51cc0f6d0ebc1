import { types } from 'node:util'

import { type Forms, callForms } from '../call-forms.ts'
import { parameterError } from '../parameters.ts'

/** `util.Type`: alphabets of Base64 (RFC 4648 section 4 and 5), MIME with lines of 76 characters (RFC 2045). */
export const base64Type = { BASIC: 0, MIME: 1, BASIC_URL_SAFE: 2, MIME_URL_SAFE: 3 } as const

const lineLength = 76
const lineEnd = '\r\n'

interface Coding {
  readonly bytes: Uint8Array
  readonly type: number
}

const toText: Forms<string> = callForms({ read: bytesAndType, now: encode })
const toBytes: Forms<Uint8Array> = callForms({
  read: bytesAndType,
  now: (input) => new Uint8Array(Buffer.from(encode(input), 'latin1')),
})
const fromText: Forms<Uint8Array> = callForms({
  read: ([data, type]) => ({ text: textOf(data), type: typeArgument(type) }),
  now: decode,
})

/** `util.Base64Helper`. */
export class Base64Helper {
  readonly encode: Forms<Uint8Array>['later'] = toBytes.later
  readonly encodeSync: Forms<Uint8Array>['now'] = toBytes.now
  readonly encodeToString: Forms<string>['later'] = toText.later
  readonly encodeToStringSync: Forms<string>['now'] = toText.now
  readonly decode: Forms<Uint8Array>['later'] = fromText.later
  readonly decodeSync: Forms<Uint8Array>['now'] = fromText.now
}

function bytesAndType([bytes, type]: readonly unknown[]): Coding {
  if (!types.isUint8Array(bytes)) throw parameterError('src', 'is not a Uint8Array')
  return { bytes, type: typeArgument(type) }
}

function typeArgument(value: unknown = base64Type.BASIC): number {
  if (typeof value === 'number' && Object.values<number>(base64Type).includes(value)) return value
  throw parameterError('options', 'is not a util.Type')
}

function textOf(data: unknown): string {
  if (typeof data === 'string') return data
  if (types.isUint8Array(data))
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
  throw parameterError('src', 'is neither text nor a Uint8Array')
}

/** The URL-safe kinds are without padding, as on the device. */
function encode({ bytes, type }: Coding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const urlSafe = type === base64Type.BASIC_URL_SAFE || type === base64Type.MIME_URL_SAFE
  const text = buffer.toString(urlSafe ? 'base64url' : 'base64')
  if (type === base64Type.BASIC || type === base64Type.BASIC_URL_SAFE) return text
  return (text.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []).join(lineEnd)
}

/** @throws BusinessError 401 for characters of another alphabet */
function decode({ text, type }: { readonly text: string; readonly type: number }): Uint8Array {
  const mime = type === base64Type.MIME || type === base64Type.MIME_URL_SAFE
  const digits = mime ? text.replaceAll(/[\r\n]/g, '') : text
  const urlSafe = type === base64Type.BASIC_URL_SAFE || type === base64Type.MIME_URL_SAFE
  const alphabet = urlSafe ? /^[A-Za-z0-9_-]*={0,2}$/ : /^[A-Za-z0-9+/]*={0,2}$/
  const length = digits.replace(/=+$/, '').length
  if (!alphabet.test(digits) || length % 4 === 1 || (!urlSafe && digits.length % 4 !== 0)) {
    throw parameterError('src', 'is not Base64 of this type')
  }
  return new Uint8Array(Buffer.from(digits, urlSafe ? 'base64url' : 'base64'))
}

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

import {
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { httpError } from './http-error.ts'

/** What a request carries: nothing, bytes, or a form of several parts. */
export interface RequestBody {
  readonly bytes: Buffer | undefined
  /** Takes the place of the header's; a form names what stands between its parts. */
  readonly contentType?: string
}

/** One part of a form, as `multiFormDataList` has it. */
export interface FormPart {
  readonly name: string
  readonly contentType: string
  readonly fileName: string | undefined
  readonly data: unknown
  readonly filePath: string | undefined
}

/** @throws BusinessError 401 */
export function readFormParts(value: unknown, field: string): FormPart[] {
  return listParameter(value, field, (element, path) => {
    const part = objectParameter(element, path)
    const text = (name: string): string | undefined => optionalMember(part, name, path, textParameter)
    const name = textParameter(Reflect.get(part, 'name'), `${path}.name`)
    const contentType = textParameter(Reflect.get(part, 'contentType'), `${path}.contentType`)
    const fileName = text('remoteFileName')
    // They stand in lines of their own.
    if (/[\r\n]/.test(name + contentType + (fileName ?? '')))
      throw parameterError(path, 'holds the end of a line')
    return { name, contentType, fileName, data: Reflect.get(part, 'data'), filePath: text('filePath') }
  })
}

/** `extraData` of a request with a body: texts and bytes as they are, objects as the content type has it. */
export function plainBody(data: unknown, contentType: string): RequestBody {
  if (data === undefined || data === null) return { bytes: undefined }
  if (contentType.startsWith('application/x-www-form-urlencoded') && isPlainObject(data))
    return { bytes: Buffer.from(queryOf(data)) }
  return { bytes: bytesOf(data) }
}

/** A form; RFC 7578. @throws BusinessError 2300026 for a file that cannot be read */
export function formBody(parts: readonly FormPart[]): RequestBody {
  const boundary = `----vpnext-${randomUUID()}`
  const pieces = parts.flatMap(({ name, contentType, fileName, data, filePath }) => {
    const file = fileName === undefined ? '' : `; filename=${quoted(fileName)}`
    const lines = [
      `--${boundary}`,
      `Content-Disposition: form-data; name=${quoted(name)}${file}`,
      `Content-Type: ${contentType}`,
    ]
    const content = data === undefined || data === null ? readPart(filePath ?? '') : bytesOf(data)
    return [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content, Buffer.from('\r\n')]
  })
  return {
    bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

/** `extraData` of a request without a body: it goes to the address. Bytes do not. */
export function withQuery(url: URL, data: unknown): URL {
  const more = typeof data === 'string' ? data : isPlainObject(data) ? queryOf(data) : ''
  if (more === '') return url
  const longer = new URL(url)
  longer.search = url.search === '' ? more : `${url.search.slice(1)}&${more}`
  return longer
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '%22')}"`
}

function queryOf(data: object): string {
  return Object.entries(data)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
}

function bytesOf(data: unknown): Buffer {
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))
}

function isPlainObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof ArrayBuffer) &&
    !ArrayBuffer.isView(value)
  )
}

function readPart(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw httpError(2300026, `${path} cannot be read`, error)
  }
}

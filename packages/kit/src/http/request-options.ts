import { readFileSync } from 'node:fs'
import type { SecureContextOptions } from 'node:tls'

import { type BusinessError, businessError } from '@vpnext/api'

import { type HttpProxy, appProxy, readHttpProxy } from '../connection/http-proxy.ts'
import {
  integerParameter,
  listParameter,
  numberParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { absentNamesOf } from '../provided.ts'
import { basicAuthentication } from './basic-authentication.ts'
import { type RequestMethod, requestMethods } from './http-constants.ts'
import { type HttpErrorCode, httpError } from './http-error.ts'
import { type FormPart, readFormParts } from './request-body.ts'
import { readTlsConfig } from './tls-request-options.ts'

/** `HttpRequestOptions`, checked. */
export interface RequestOptions {
  readonly method: RequestMethod
  /** By names in small letters. */
  readonly headers: ReadonlyMap<string, string>
  readonly extraData: unknown
  readonly form: readonly FormPart[] | undefined
  /** 0 text, 1 object, 2 bytes; undefined: as the content type has it. */
  readonly expect: number | undefined
  /** Milliseconds; 0: none. */
  readonly readTimeout: number
  readonly connectTimeout: number
  /** Bytes of a whole response. */
  readonly maxLimit: number
  readonly redirects: number
  readonly proxy: Proxy | undefined
  /** 0: both. */
  readonly family: 0 | 4 | 6
  readonly tls: SecureContextOptions
  /** The name that a server is asked for by TLS, and that its certificate must have; absent: that of the address. */
  readonly serverName: string | undefined
  readonly trustAnybody: boolean
  /** SHA-256 of keys that a server must have one of, base64. */
  readonly pins: readonly string[]
}

export interface Proxy extends HttpProxy {
  /** `user:password`. */
  readonly credentials: string | undefined
}

const families = [0, 4, 6] as const
const mebibyte = 1024 * 1024
/** As curl on the device has it. */
const maxRedirects = 30

/** @throws BusinessError 401; 801 for what would be left out silently otherwise; 2300026, 2300058, 2300077 for files that cannot be read */
export function readRequestOptions(value: unknown): RequestOptions {
  const options = value === undefined || value === null ? {} : objectParameter(value, 'options')
  const number = (name: string, least: number, most: number): number | undefined =>
    optionalMember(options, name, 'options', (member, field) => integerParameter(member, field, least, most))
  const time = (name: string): number | undefined =>
    optionalMember(options, name, 'options', (member, field) => Math.max(0, numberParameter(member, field)))
  // Without them a request would be another.
  for (const name of absentNamesOf('HttpRequestOptions'))
    if (Reflect.get(options, name) !== undefined) throw notProvided(`options.${name}`)
  if (Reflect.get(options, 'sslType') === 'TLCP') throw notProvided('options.sslType')
  const headers = readHeaders(Reflect.get(options, 'header'))
  const credentials = readCredentials(Reflect.get(options, 'serverAuthentication'))
  if (credentials !== undefined) headers.set('authorization', credentials)
  const [from, to] = [resumeAt(options, 'resumeFrom'), resumeAt(options, 'resumeTo')]
  if (from !== undefined || to !== undefined) headers.set('range', `bytes=${from ?? 0}-${to ?? ''}`)
  return {
    method: optionalMember(options, 'method', 'options', readMethod) ?? 'GET',
    headers,
    extraData: Reflect.get(options, 'extraData'),
    form: optionalMember(options, 'multiFormDataList', 'options', readFormParts),
    expect: number('expectDataType', 0, 2),
    readTimeout: time('readTimeout') ?? 60_000,
    connectTimeout: time('connectTimeout') ?? 60_000,
    maxLimit: number('maxLimit', 1, 100 * mebibyte) ?? 5 * mebibyte,
    redirects: number('maxRedirects', 0, 2 ** 31 - 1) ?? maxRedirects,
    proxy: readProxy(Reflect.get(options, 'usingProxy')),
    family: families[number('addressFamily', 0, 2) ?? 0] ?? 0,
    tls: {
      ...readAuthority(options),
      ...readClientCertificate(Reflect.get(options, 'clientCert')),
      ...readTlsConfig(Reflect.get(options, 'tlsOptions')),
    },
    serverName: optionalMember(options, 'sniHostName', 'options', textParameter),
    trustAnybody: Reflect.get(options, 'remoteValidation') === 'skip',
    pins: readPins(Reflect.get(options, 'certificatePinning')),
  }
}

function readMethod(value: unknown, field: string): RequestMethod {
  const method = requestMethods.find((known) => known === value)
  if (method === undefined) throw parameterError(field, `is none of ${requestMethods.join(', ')}`)
  return method
}

/** `application/json` unless it says otherwise, as on the device. */
function readHeaders(value: unknown): Map<string, string> {
  const given = value === undefined || value === null ? {} : objectParameter(value, 'options.header')
  const headers = new Map<string, string>()
  for (const [name, member] of Object.entries(given)) {
    const text = Array.isArray(member) ? member.join(', ') : String(member)
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
      throw parameterError(`options.header.${name}`, 'is no name of a header')
    // RFC 9110, section 5.5: no ends of lines, no NUL.
    // oxlint-disable-next-line no-control-regex
    if (/[\r\n\0]|[^\t\x20-\x7e\x80-\xff]/.test(text))
      throw parameterError(`options.header.${name}`, 'cannot be sent')
    headers.set(name.toLowerCase(), text)
  }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  return headers
}

/** Outside of 1 to 4 GiB it does not count. */
function resumeAt(options: object, name: string): number | undefined {
  const value: unknown = Reflect.get(options, name)
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2 ** 32
    ? value
    : undefined
}

function readProxy(value: unknown): Proxy | undefined {
  if (value === undefined || value === null || value === false) return undefined
  if (value === true) return appProxy().host === '' ? undefined : { ...appProxy(), credentials: undefined }
  const proxy = readHttpProxy(value)
  const object = objectParameter(value, 'options.usingProxy')
  const user = optionalMember(object, 'username', 'options.usingProxy', textParameter)
  const password = optionalMember(object, 'password', 'options.usingProxy', textParameter) ?? ''
  return { ...proxy, credentials: user === undefined ? undefined : `${user}:${password}` }
}

/** @returns the header; undefined when nobody is named. @throws BusinessError 401; 801 for what is not told to whoever asks */
function readCredentials(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const field = 'options.serverAuthentication'
  const authentication = objectParameter(value, field)
  // What is not named is negotiated: only the server could say whether it may hear the password.
  if (Reflect.get(authentication, 'authenticationType') !== 'basic')
    throw notProvided(`${field}.authenticationType`)
  const credential = objectParameter(Reflect.get(authentication, 'credential'), `${field}.credential`)
  const [user, password] = ['username', 'password'].map((name) =>
    textParameter(Reflect.get(credential, name), `${field}.credential.${name}`),
  )
  return basicAuthentication(`${user}:${password}`)
}

function notProvided(field: string): BusinessError {
  return businessError(801, { field, reason: 'is not provided by vpnext' })
}

function readAuthority(options: object): SecureContextOptions {
  const path = optionalMember(options, 'caPath', 'options', textParameter)
  const text = optionalMember(options, 'caData', 'options', textParameter)
  if (text !== undefined && text !== '') return { ca: text }
  return path === undefined || path === '' ? {} : { ca: readOr(path, 2300077) }
}

function readClientCertificate(value: unknown): SecureContextOptions {
  if (value === undefined || value === null) return {}
  const client = objectParameter(value, 'options.clientCert')
  const text = (name: string): string | undefined =>
    optionalMember(client, name, 'options.clientCert', textParameter)
  const cert = readOr(textParameter(Reflect.get(client, 'certPath'), 'options.clientCert.certPath'), 2300058)
  const [type, keyPath, passphrase] = [text('certType') ?? 'PEM', text('keyPath') ?? '', text('keyPassword')]
  const secret = passphrase === undefined ? {} : { passphrase }
  if (type === 'P12') return { pfx: cert, ...secret }
  if (type !== 'PEM')
    throw businessError(801, { field: 'options.clientCert.certType', reason: `${type} is not read` })
  return { cert, key: keyPath === '' ? cert : readOr(keyPath, 2300058), ...secret }
}

function readPins(value: unknown): string[] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : [value]
  return listParameter(list, 'options.certificatePinning', (element, field) => {
    const pin = objectParameter(element, field)
    if (Reflect.get(pin, 'hashAlgorithm') !== 'SHA-256')
      throw parameterError(`${field}.hashAlgorithm`, 'is not SHA-256')
    return textParameter(Reflect.get(pin, 'publicKeyHash'), `${field}.publicKeyHash`)
  })
}

function readOr(path: string, code: HttpErrorCode): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw httpError(code, `${path} cannot be read`, error)
  }
}

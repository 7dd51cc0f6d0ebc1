import { type SecureContextOptions, type SecureVersion, createSecureContext } from 'node:tls'
import { errorText } from '@vpnext/native'

import {
  booleanParameter,
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { type SocksProxy, readProxyOptions } from './proxy-options.ts'
import { type SocketAddress, addressArgument } from './socket-address.ts'

/** `socket.Protocol`. */
export const protocol = { TLSv12: 'TLSv1.2', TLSv13: 'TLSv1.3' } as const

/** `TLSConnectOptions`, checked. */
export interface TlsOptions {
  readonly address: SocketAddress
  readonly secure: SecureContextOptions
  readonly alpn: readonly string[]
  /** The other end's certificate is not looked at. */
  readonly trustAnybody: boolean
  /** A server wants a certificate of its clients. */
  readonly bothSides: boolean
  /** Milliseconds; 0: the kernel's. */
  readonly timeout: number
  readonly proxy: SocksProxy | undefined
}

/** @throws BusinessError 401; 801 for a proxy of HTTP */
export function readTlsOptions(value: unknown): TlsOptions {
  const options = objectParameter(value, 'options')
  const secure = objectParameter(Reflect.get(options, 'secureOptions'), 'options.secureOptions')
  const timeout: unknown = Reflect.get(options, 'timeout') ?? 0
  if (typeof timeout !== 'number' || !(timeout >= 0)) throw parameterError('options.timeout', 'is not a time')
  return {
    address: addressArgument(Reflect.get(options, 'address'), 'options.address'),
    secure: readSecureOptions(secure),
    alpn:
      optionalMember(options, 'ALPNProtocols', 'options', (list, field) =>
        listParameter(list, field, textParameter),
      ) ?? [],
    trustAnybody: flag(options, 'skipRemoteValidation', 'options'),
    bothSides: flag(secure, 'isBidirectionalAuthentication', 'options.secureOptions'),
    timeout,
    proxy: readProxyOptions(options),
  }
}

function flag(object: object, name: string, field: string): boolean {
  return optionalMember(object, name, field, booleanParameter) ?? false
}

function readSecureOptions(secure: object): SecureContextOptions {
  const field = 'options.secureOptions'
  const text = (name: string): string | undefined => optionalMember(secure, name, field, textParameter)
  const ca = optionalMember(secure, 'ca', field, (value, path) =>
    typeof value === 'string' ? [value] : listParameter(value, path, textParameter),
  )
  const versions = optionalMember(secure, 'protocols', field, (value, path) =>
    (Array.isArray(value)
      ? listParameter(value, path, versionParameter)
      : [versionParameter(value, path)]
    ).toSorted(),
  )
  const context: SecureContextOptions = {
    ...(ca !== undefined && ca.length > 0 && { ca }),
    ...optional('cert', optionalMember(secure, 'cert', field, chainParameter)),
    ...optional('key', keyText(Reflect.get(secure, 'key'), `${field}.key`)),
    ...optional('passphrase', keyText(Reflect.get(secure, 'password'), `${field}.password`)),
    ...optional('ciphers', text('cipherSuite')),
    ...optional('sigalgs', text('signatureAlgorithms')),
    ...optional('minVersion', versions?.[0]),
    ...optional('maxVersion', versions?.at(-1)),
    honorCipherOrder: optionalMember(secure, 'useRemoteCipherPrefer', field, booleanParameter) !== true,
  }
  try {
    createSecureContext(context)
  } catch (error) {
    // The text of OpenSSL names no secret.
    throw parameterError(field, errorText(error))
  }
  return context
}

/** A chain may be a list of its certificates, the own one first. */
function chainParameter(value: unknown, field: string): string {
  if (!Array.isArray(value)) return textParameter(value, field)
  return listParameter(value, field, textParameter).join('\n')
}

/** Keys and passwords may be lists of one. */
function keyText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return textParameter(Array.isArray(value) ? value[0] : value, field)
}

function versionParameter(value: unknown, field: string): SecureVersion {
  if (value === protocol.TLSv12 || value === protocol.TLSv13) return value
  throw parameterError(field, 'is not a socket.Protocol')
}

function optional<Name extends string, T>(name: Name, value: T | undefined): Partial<Record<Name, T>> {
  const object: Partial<Record<Name, T>> = {}
  if (value !== undefined) object[name] = value
  return object
}

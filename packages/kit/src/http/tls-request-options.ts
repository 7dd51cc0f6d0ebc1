import { type SecureContextOptions, type SecureVersion, createSecureContext } from 'node:tls'

import {
  integerParameter,
  listParameter,
  objectParameter,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { httpError } from './http-error.ts'

/** `http.TlsVersion`. */
export const tlsVersions = { TLS_V_1_0: 4, TLS_V_1_1: 5, TLS_V_1_2: 6, TLS_V_1_3: 7 } as const

const versionNames: Readonly<Record<number, SecureVersion>> = {
  [tlsVersions.TLS_V_1_0]: 'TLSv1',
  [tlsVersions.TLS_V_1_1]: 'TLSv1.1',
  [tlsVersions.TLS_V_1_2]: 'TLSv1.2',
  [tlsVersions.TLS_V_1_3]: 'TLSv1.3',
}

/** Names of IANA that OpenSSL calls otherwise; those of TLS 1.3 it calls the same. */
const openSslNames: Readonly<Record<string, string>> = {
  TLS_AES_128_GCM_SHA256: 'TLS_AES_128_GCM_SHA256',
  TLS_AES_256_GCM_SHA384: 'TLS_AES_256_GCM_SHA384',
  TLS_CHACHA20_POLY1305_SHA256: 'TLS_CHACHA20_POLY1305_SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 'ECDHE-ECDSA-AES128-SHA',
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 'ECDHE-RSA-AES128-SHA',
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 'ECDHE-ECDSA-AES256-SHA',
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 'ECDHE-RSA-AES256-SHA',
  TLS_RSA_WITH_AES_128_CBC_SHA: 'AES128-SHA',
  TLS_RSA_WITH_AES_256_CBC_SHA: 'AES256-SHA',
  TLS_RSA_WITH_3DES_EDE_CBC_SHA: 'DES-CBC3-SHA',
}

/**
 * Reads `tlsOptions`: `system`, or the versions and ciphers that may be used.
 *
 * @throws BusinessError 401, 2300059 for ciphers of which OpenSSL has none
 */
export function readTlsConfig(value: unknown): SecureContextOptions {
  if (value === undefined || value === null || value === 'system') return {}
  const field = 'options.tlsOptions'
  const config = objectParameter(value, field)
  const version = (name: string): number =>
    integerParameter(
      Reflect.get(config, name),
      `${field}.${name}`,
      tlsVersions.TLS_V_1_0,
      tlsVersions.TLS_V_1_3,
    )
  const [least, most] = [version('tlsVersionMin'), version('tlsVersionMax')]
  if (least > most) throw parameterError(`${field}.tlsVersionMin`, 'is above tlsVersionMax')
  const suites: unknown = Reflect.get(config, 'cipherSuites')
  const ciphers = suites === undefined || suites === null ? undefined : readCiphers(suites)
  return {
    ...versionOf('minVersion', least),
    ...versionOf('maxVersion', most),
    ...(ciphers !== undefined && { ciphers }),
  }
}

function versionOf(name: 'minVersion' | 'maxVersion', version: number): SecureContextOptions {
  const known = versionNames[version]
  return known === undefined ? {} : { [name]: known }
}

function readCiphers(value: unknown): string {
  const names = listParameter(value, 'options.tlsOptions.cipherSuites', (element, field) => {
    const name = textParameter(element, field)
    const known = Object.hasOwn(openSslNames, name) ? openSslNames[name] : undefined
    if (known === undefined) throw parameterError(field, `${name} is no http.CipherSuite`)
    return known
  })
  const ciphers = names.join(':')
  try {
    createSecureContext({ ciphers })
    return ciphers
  } catch (error) {
    throw httpError(2300059, `${ciphers} cannot be used`, error)
  }
}

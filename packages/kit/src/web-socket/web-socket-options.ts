import { BusinessError } from '@vpnext/api'

import { type RequestOptions, readRequestOptions } from '../http/request-options.ts'
import { booleanParameter, objectParameter, optionalMember, textParameter } from '../parameters.ts'
import { webSocketError } from './web-socket-error.ts'

/** `WebSocketRequestOptions`, checked. */
export interface WebSocketOptions {
  readonly request: RequestOptions
  readonly protocol: string
}

/** Milliseconds until a server must have answered. */
const openingTime = 60_000

/** @throws BusinessError 401, 2302002 */
export function readWebSocketOptions(value: unknown): WebSocketOptions {
  const options = value === undefined || value === null ? {} : objectParameter(value, 'options')
  const member = (name: string): unknown => Reflect.get(options, name) ?? undefined
  const skip = optionalMember(options, 'skipServerCertVerification', 'options', booleanParameter) ?? false
  const header = member('header')
  try {
    const request = readRequestOptions({
      header,
      caPath: member('caPath'),
      clientCert: member('clientCert'),
      usingProxy: proxyOf(member('proxy')),
      connectTimeout: openingTime,
      remoteValidation: skip ? 'skip' : 'system',
    })
    const headers = new Map(request.headers)
    // What requests with a body have, unless it was asked for.
    if (!hasContentType(header)) headers.delete('content-type')
    return {
      request: { ...request, headers },
      protocol: optionalMember(options, 'protocol', 'options', textParameter) ?? '',
    }
  } catch (error) {
    if (error instanceof BusinessError && (error.code === 2300058 || error.code === 2300077))
      throw webSocketError(2302002, error.message, error)
    throw error
  }
}

/** Absent and `system`: what `connection.setAppHttpProxy` has said. */
function proxyOf(value: unknown): unknown {
  return value === undefined || value === 'system' ? true : value === 'no-proxy' ? false : value
}

function hasContentType(header: unknown): boolean {
  return Object.keys(Object(header)).some((name) => name.toLowerCase() === 'content-type')
}

/** @throws BusinessError 2302001 */
export function readWebSocketUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const scheme = url?.protocol.replace(/^ws/, 'http')
  if (url === undefined || (scheme !== 'http:' && scheme !== 'https:') || url.hostname === '')
    throw webSocketError(2302001, `${JSON.stringify(text.slice(0, 200))} is no address of a WebSocket`)
  return new URL(url.href.replace(/^ws/, 'http'))
}

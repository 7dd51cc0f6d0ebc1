import { BusinessError } from '@vpnext/api'
import { errorText } from '@vpnext/native'

import { asTlsError } from '../socket/tls-error.ts'

/** 2300000 and the number of curl's error (errorcode-net-http of the HarmonyOS documents), as far as they happen here. */
const texts = {
  2300001: 'Unsupported protocol.',
  2300003: 'Invalid URL format or missing URL.',
  2300005: 'Failed to resolve the proxy name.',
  2300006: 'Failed to resolve the host name.',
  2300007: 'Failed to connect to the server.',
  2300008: 'Invalid server response.',
  2300018: 'Transferred a partial file.',
  2300023: 'Failed to write the received data to the disk or application.',
  2300026: 'Failed to open or read local data from the file or application.',
  2300028: 'Operation timeout.',
  2300047: 'The number of redirections reaches the maximum allowed.',
  2300052: 'The server returned nothing (no header or data).',
  2300055: 'Failed to send data to the peer.',
  2300056: 'Failed to receive data from the peer.',
  2300058: 'Local SSL certificate error.',
  2300059: 'The specified SSL cipher cannot be used.',
  2300060: 'Invalid SSL peer certificate or SSH remote key.',
  2300061: 'Invalid HTTP encoding format.',
  2300077: 'The SSL CA certificate does not exist or is unaccessible.',
  2300094: 'Authentication error.',
  2300999: 'Unknown error.',
} as const

export type HttpErrorCode = keyof typeof texts

export function httpError(code: HttpErrorCode, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, texts[code], { reason }, cause === undefined ? undefined : { cause })
}

/** Turns what node's sockets and its HTTP fail with into the kit's error. @param otherwise for what has no code of its own */
export function asHttpError(error: unknown, otherwise: HttpErrorCode): BusinessError {
  if (error instanceof BusinessError && error.code in texts) return error
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  const reason = errorText(error)
  if (typeof code === 'string') {
    if (code.startsWith('HPE_')) return httpError(2300008, reason, error)
    if (code === 'ETIMEDOUT') return httpError(2300028, reason, error)
    if (asTlsError(error).code === 2303504) return httpError(2300060, reason, error)
    if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR') return httpError(2300061, reason, error)
  }
  return httpError(otherwise, reason, error)
}

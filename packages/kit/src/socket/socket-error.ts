import { BusinessError, type ErrorDetail } from '@vpnext/api'
import { errnoNumber, errorText } from '@vpnext/native'

export { parameterError } from '../parameters.ts'

/** Socket errors of HarmonyOS are this number plus the errno of Linux (errorcode-net-socket of its documents). */
const base = 2301000

/**
 * Makes the socket kit's error: code 2301000 + errno.
 *
 * @param errnoName e.g. `ECONNREFUSED`
 */
export function socketError(errnoName: string, reason: string, cause?: unknown): BusinessError {
  const detail: ErrorDetail = { reason }
  return new BusinessError(
    base + errnoNumber(errnoName),
    reason,
    detail,
    cause === undefined ? undefined : { cause },
  )
}

/** Turns what node's sockets fail with into the socket kit's error; 2301000 alone where there is no errno, as for DNS. */
export function asSocketError(error: unknown): BusinessError {
  if (error instanceof BusinessError) return error
  const message = errorText(error)
  const errno =
    error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : 0
  // node's are negative, those of the kernel calls positive. Numbers above 1000 are libuv's own, for name resolution.
  return new BusinessError<ErrorDetail>(base + (errno > 0 && errno < 1000 ? errno : 0), message, undefined, {
    cause: error,
  })
}

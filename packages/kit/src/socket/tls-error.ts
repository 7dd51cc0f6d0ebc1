import { errorText } from '@vpnext/native'
import { BusinessError } from '@vpnext/api'

/** TLS errors that have an errno are this number plus it (errorcode-net-socket of the HarmonyOS documents). */
const base = 2303100

const verification: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Turns what node's TLS fails with into the socket kit's error. */
export function asTlsError(error: unknown): BusinessError {
  if (error instanceof BusinessError) return error
  const reason = errorText(error)
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string' && verification.has(code)) {
    return new BusinessError(
      2303504,
      'An error occurred when verifying the X.509 certificate.',
      { reason },
      { cause: error },
    )
  }
  const errno =
    error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : 0
  // Numbers above 1000 are libuv's own, for name resolution.
  if (errno > 0 && errno < 1000) return new BusinessError(base + errno, reason, { reason }, { cause: error })
  return new BusinessError(2303505, 'An error occurred in the TLS system call.', { reason }, { cause: error })
}

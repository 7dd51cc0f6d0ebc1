import { BusinessError } from '@vpnext/api'
import { errorText, isErrno } from '@vpnext/native'

/** Codes of the key store (errorcode-huks of the HarmonyOS documents). */
const messages = {
  12000001: 'The feature is not supported.',
  12000002: 'A parameter of the algorithm is missing.',
  12000003: 'A parameter of the algorithm is invalid.',
  12000004: 'The file operation failed.',
  12000006: 'Crypto engine error.',
  12000010: 'The number of key operation sessions has reached the limit.',
  12000011: 'The entity does not exist.',
  12000013: 'The credential does not exist.',
  12000016: 'A device password is required but not set.',
} as const

export function huksError(
  code: keyof typeof messages,
  field: string,
  reason: string,
  cause?: unknown,
): BusinessError {
  return new BusinessError(
    code,
    messages[code],
    { field, reason },
    cause === undefined ? undefined : { cause },
  )
}

/** What OpenSSL and the file system fail with: 12000006 and 12000004. */
export function asHuksError(error: unknown): unknown {
  if (error instanceof BusinessError) {
    // What the file says of itself with the code of the preferences.
    return error.code === 15500000
      ? huksError(12000004, 'keyAlias', String(error.data?.reason ?? ''), error)
      : error
  }
  const isFile = isErrno(error, 'EACCES', 'ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE')
  // The text of OpenSSL names no secret.
  return huksError(isFile ? 12000004 : 12000006, isFile ? 'keyAlias' : 'options', errorText(error), error)
}

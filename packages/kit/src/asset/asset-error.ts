import { BusinessError } from '@vpnext/api'
import { errorText } from '@vpnext/native'

/** Codes of the asset store (errorcode-asset of the HarmonyOS documents). */
const messages = {
  201: 'Permission denied.',
  24000002: 'The asset is not found.',
  24000003: 'The asset already exists.',
  24000005: 'The screen lock status does not match.',
  24000007: 'The asset is corrupted.',
  24000014: 'The file operation failed.',
  24000017: 'The capability is not supported.',
} as const

export function assetError(code: keyof typeof messages, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

/** What the file system fails with: 24000014, and 24000007 for a file that holds something else. */
export function asAssetError(error: unknown): unknown {
  if (!(error instanceof BusinessError)) return assetError(24000014, errorText(error), error)
  // What the file says of itself with the code of the preferences.
  return error.code === 15500000 ? assetError(24000007, String(error.data?.reason ?? ''), error) : error
}

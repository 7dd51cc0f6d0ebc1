import { errorText } from '@vpnext/native'
import { BusinessError } from '@vpnext/api'

/** Codes of the preferences kit (errorcode-preferences of the HarmonyOS documents). */
const messages = {
  15500000: 'Inner error.',
  15500010: 'Failed to delete the user preferences persistence file.',
  15501002: 'Invalid dataGroupId.',
} as const

export function preferencesError(
  code: keyof typeof messages,
  reason: string,
  cause?: unknown,
): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

/** What the file system fails with: 15500000. BusinessErrors stay what they are. */
export function asPreferencesError(error: unknown): unknown {
  if (error instanceof BusinessError) return error
  return preferencesError(15500000, errorText(error), error)
}

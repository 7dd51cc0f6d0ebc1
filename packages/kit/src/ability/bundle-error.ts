import { BusinessError } from '@vpnext/api'

/** Errors of `bundleManager`, and their text (errorcode-bundle of the HarmonyOS documents). */
const messages = {
  17700002: 'The specified moduleName is not found.',
  17700003: 'The specified abilityName is not found.',
  17700024: 'Failed to get the profile because there is no profile in the HAP.',
  17700072: 'The launch want is not found.',
} as const

export function bundleError(code: keyof typeof messages, reason: string): BusinessError {
  return new BusinessError(code, messages[code], { reason })
}

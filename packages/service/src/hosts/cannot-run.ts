import { businessError } from '@vpnext/api'
import { errorText } from '@vpnext/native'

/** The host cannot be started or has ended: 16000050, with what stood in the way. */
export function cannotRun(reason: string, cause?: unknown): Error {
  const text = cause === undefined ? reason : `${reason}: ${errorText(cause)}`
  return businessError(16000050, { reason: text }, { call: 'startVpnExtensionAbility', cause })
}

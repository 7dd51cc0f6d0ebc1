import { type VarlinkError, varlinkError } from '@vpnext/varlink'
import { hostInterface } from '../protocol/host-interface.ts'

/** Codes of the common event service (errorcode-CommonEventService of the HarmonyOS documents), and the general ones. */
const messages = {
  201: 'Permission denied.',
  401: 'Parameter error.',
  1500003: 'The common event sending frequency too high.',
  1500004: 'A third-party application cannot send system common events.',
  1500007: 'Failed to send the message to the common event service.',
  1500010: 'The count of subscriber exceed system specification.',
} as const

/** An error for a host's call about common events, with the device's code and text. */
export function eventError(code: keyof typeof messages, reason: string, field?: string): VarlinkError {
  return varlinkError(hostInterface, 'BusinessError', {
    code,
    message: messages[code],
    reason,
    ...(field !== undefined && { field }),
  })
}

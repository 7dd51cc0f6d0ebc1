import { errorText } from '@vpnext/native'
import { BusinessError } from '@vpnext/api'

/** Codes of the network kit (errorcode-net-connection and -statistics of the HarmonyOS documents). */
const messages = {
  2100001: 'Invalid parameter value.',
  2100003: 'System internal error.',
  // So in the documents; the sources of OpenHarmony name them the other way round (NET_CONN_ERR_SAME_CALLBACK is 2101007).
  2101007: 'The callback does not exist.',
  2101008: 'The callback already exists.',
  2101022: 'The number of requests exceeded the maximum allowed.',
  2103005: 'Failed to read the system map.',
  2103012: 'Failed to obtain the NIC name.',
} as const

export function netError(code: keyof typeof messages, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

/** What the kernel refuses: 2100003. BusinessErrors stay what they are. */
export function asNetError(error: unknown): unknown {
  if (error instanceof BusinessError) return error
  return netError(2100003, errorText(error), error)
}

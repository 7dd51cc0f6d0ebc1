import { BusinessError } from '@vpnext/api'

/** Codes of the compression API (errorcode-zlib of the HarmonyOS documents). */
const messages = {
  900001: 'The input source file is invalid.',
  900002: 'The input destination file is invalid.',
  900003: 'The input source file is not in ZIP format or is damaged.',
} as const

export type ZlibErrorCode = keyof typeof messages

export function zlibError(code: ZlibErrorCode, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

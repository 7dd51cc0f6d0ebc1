import { BusinessError } from '@vpnext/api'

/** Errors of the language kit: 10200001 and its neighbours (errorcode-utils of the HarmonyOS documents). */

/** A value outside of its range: 10200001. */
export function outOfRange(field: string, cause?: unknown): BusinessError {
  return arktsError(10200001, `The value of "${field}" is out of range.`, field, cause)
}

/** A text that cannot be parsed: 10200002. */
export function unreadableText(field: string, what: string, cause?: unknown): BusinessError {
  return arktsError(10200002, `Invalid ${what} string.`, field, cause)
}

/** A buffer whose size does not fit: 10200009. */
export function wrongBufferSize(bits: number, cause?: unknown): BusinessError {
  return arktsError(10200009, `Buffer size must be a multiple of ${bits}-bits.`, 'buffer', cause)
}

function arktsError(code: number, message: string, field: string, cause: unknown): BusinessError {
  return new BusinessError(code, message, { field }, cause === undefined ? undefined : { cause })
}

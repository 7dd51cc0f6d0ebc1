import { publicInterface } from '@vpnext/service/protocol'
import { isVarlinkError } from '@vpnext/varlink'

/** An error of the API document as it came over the wire. */
export interface WireBusinessError {
  readonly code: number
  readonly message: string
  readonly field?: string | undefined
  readonly reason?: string | undefined
  readonly hint?: string | undefined
}

/** The error of the API document inside `error`, if it is one. */
export function businessErrorOf(error: unknown): WireBusinessError | undefined {
  return isVarlinkError(error, publicInterface, 'BusinessError') ? error.parameters : undefined
}

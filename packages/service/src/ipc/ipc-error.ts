import { type VarlinkError, varlinkError } from '@vpnext/varlink'
import { hostInterface } from '../protocol/host-interface.ts'

/** Errors of `@ohos.rpc` that the service may answer with, in the document's words. */
const messages = {
  1900007: 'Communication failed.',
  1900008: 'The proxy or remote object is invalid.',
  1900009: 'Failed to write data to the message sequence.',
} as const

/** An error of the document of `@ohos.rpc`. */
export function ipcError(code: keyof typeof messages, reason: string): VarlinkError {
  return varlinkError(hostInterface, 'BusinessError', { code, message: messages[code], reason })
}

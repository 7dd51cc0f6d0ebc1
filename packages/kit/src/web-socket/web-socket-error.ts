import { BusinessError } from '@vpnext/api'

/** Codes of errorcode-net-webSocket of the HarmonyOS documents, and 200, with which `error` tells that there is no connection. */
const messages = {
  200: 'Connection failed.',
  2302001: 'Websocket url error.',
  2302002: 'Websocket certificate file does not exist.',
  2302003: 'Websocket connection already exists.',
  2302999: 'Websocket other unknown error.',
} as const

export function webSocketError(code: keyof typeof messages, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

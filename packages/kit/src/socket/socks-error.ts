import { BusinessError, type ErrorDetail } from '@vpnext/api'

/** Texts of the socket kit's errors of SOCKS5 (errorcode-net-socket of the HarmonyOS documents). */
const texts = {
  2301206: 'Socks5 failed to connect to the proxy server.',
  2301207: 'Socks5 username or password is invalid.',
  2301208: 'Socks5 failed to connect to the remote server.',
  2301209: 'Socks5 failed to negotiate the authentication method.',
  2301210: 'Socks5 failed to send the message.',
  2301211: 'Socks5 failed to receive the message.',
  2301212: 'Socks5 serialization error.',
  2301213: 'Socks5 deserialization error.',
} as const

/** @param reason what happened, for `data.reason` */
export function socksError(code: keyof typeof texts, reason: string, cause?: unknown): BusinessError {
  const detail: ErrorDetail = { reason }
  return new BusinessError(code, texts[code], detail, cause === undefined ? undefined : { cause })
}

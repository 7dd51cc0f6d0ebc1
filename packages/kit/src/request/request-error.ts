import { BusinessError } from '@vpnext/api'

/** Codes of uploads and downloads (errorcode-request of the HarmonyOS documents). */
const messages = {
  13400001: 'File operation error.',
  13400002: 'Bad file path.',
} as const

export function requestError(code: keyof typeof messages, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(
    code,
    messages[code],
    { field: 'config.filePath', reason },
    cause === undefined ? undefined : { cause },
  )
}

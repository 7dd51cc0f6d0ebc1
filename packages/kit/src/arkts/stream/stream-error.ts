import { BusinessError } from '@vpnext/api'

/** Errors of `@ohos.util.stream`, and their text (errorcode-utils of the HarmonyOS documents). */
const messages = {
  10200035: 'The doWrite method has not been implemented.',
  10200036: 'The stream has been ended.',
  10200037: 'The callback is invoked multiple times consecutively.',
  10200038: 'The doRead method has not been implemented.',
  10200039:
    'The doTransform method has not been implemented for a class that inherits from the Transform class.',
} as const

export function streamError(code: keyof typeof messages): BusinessError {
  return new BusinessError(code, messages[code])
}

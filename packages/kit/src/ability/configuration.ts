import { direction, screenDensity } from '../localization/screen.ts'
import { systemLocale } from '../localization/system-locale.ts'

/** `Configuration` of contexts: the language is the process's; there is neither a screen nor a pointer. */
export function configuration(): object {
  return {
    language: systemLocale().toString(),
    // ConfigurationConstant.ColorMode.COLOR_MODE_NOT_SET
    colorMode: -1,
    direction,
    screenDensity,
    displayId: 0,
    hasPointerDevice: false,
    fontSizeScale: 1,
    fontWeightScale: 1,
    mcc: '',
    mnc: '',
  }
}

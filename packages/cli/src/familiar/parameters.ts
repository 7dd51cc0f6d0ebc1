import { deviceFacts } from '@vpnext/kit/surface'

/** System parameters that scripts for devices ask for, with the values that `deviceInfo` has here. */
export const systemParameters: Readonly<Record<string, string>> = {
  'const.ohos.apiversion': String(deviceFacts.sdkApiVersion),
  'const.ohos.fullname': deviceFacts.osFullName,
  'const.ohos.releasetype': deviceFacts.osReleaseType,
  'const.product.brand': deviceFacts.brand,
  'const.product.cpu.abilist': deviceFacts.abiList,
  'const.product.devicetype': deviceFacts.deviceType,
  'const.product.incremental.version': deviceFacts.incrementalVersion,
  'const.product.manufacturer': deviceFacts.manufacture,
  'const.product.model': deviceFacts.productModel,
  'const.product.name': deviceFacts.marketName,
  'const.product.software.version': deviceFacts.displayVersion,
  // Bundles run unsigned, and may be debugged.
  'const.security.developermode.state': 'true',
}

/** What the device's `param` says of a parameter that it does not have (PARAM_CODE_NOT_FOUND). */
export const notFound = 106
/** And of one that the caller may not set (DAC_RESULT_FORBIDED). */
export const forbidden = 1001

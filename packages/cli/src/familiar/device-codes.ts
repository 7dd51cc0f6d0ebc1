/** A code of the device's shell, and its text. */
export interface DeviceCode {
  readonly code: number
  readonly message: string
}

/** By the codes of the API document. */
export type DeviceCodes = Readonly<Record<number, DeviceCode>>

/** What `aa` says for an error of the API document (aa-tool of the HarmonyOS documents). */
const aaCodes: DeviceCodes = {
  201: { code: 10107102, message: 'Permission verification failed for the specified process.' },
  16000001: { code: 10104001, message: 'The specified ability does not exist.' },
  16000004: { code: 10103001, message: 'Failed to verify the visibility of the target ability.' },
  16000006: { code: 10107102, message: 'Permission verification failed for the specified process.' },
  16000008: { code: 10106103, message: 'The target application is an expired crowdtesting application.' },
  16000050: { code: 10108101, message: 'An internal error occurs while attempting to launch the ability.' },
}

/** What `aa force-stop` and `aa test`, which name no ability, say of what is not installed. */
export const bundleCodes: DeviceCodes = {
  16000001: { code: 10104002, message: 'Failed to retrieve specified package information.' },
}

/**
 * The device's code for an error; its own where the device's shell has none.
 *
 * @param own of the verb, before those of all
 */
export function deviceCodeOf(error: DeviceCode, own: DeviceCodes): DeviceCode {
  return own[error.code] ?? aaCodes[error.code] ?? error
}

/** The service cannot be reached. */
export const noAbilityService: DeviceCode = {
  code: 10105001,
  message: 'Failed to connect to the ability service.',
}

/** `aa attach` and `aa detach` of what is not installed. */
export const noSuchBundleName: DeviceCode = {
  code: 10103601,
  message: 'The specified bundleName does not exist.',
}

/** A bundle without an ability that could be meant. */
export const nothingToStart: DeviceCode = {
  code: 10103101,
  message: 'Failed to find a matching application for implicit launch.',
}

/** `bm uninstall` of what is not installed (bm-tool of the HarmonyOS documents). */
export const notInstalled: DeviceCode = { code: 9568386, message: 'uninstall missing installed bundle.' }

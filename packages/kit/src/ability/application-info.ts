import type { ApplicationInfo } from '@vpnext/api'

import type { AbilityDetails } from '../runtime.ts'

/** `ApplicationInfo` of the device, as far as it means something here. */
export interface KitApplicationInfo extends ApplicationInfo {
  readonly description: string
  readonly enabled: boolean
  /** Name of the main process. */
  readonly process: string
  readonly permissions: readonly string[]
  /** The bundle's code and resources. */
  readonly codePath: string
  readonly removable: boolean
  readonly systemApp: boolean
  readonly appIndex: number
  /** Below {@link codePath}. */
  readonly nativeLibraryPath: string
  /** Built from its sources, as in a debug build: what `BuildProfile.DEBUG` says. */
  readonly debug: boolean
  readonly appProvisionType: 'debug'
  readonly appDistributionType: 'none'
  /** `BundleType.APP`. */
  readonly bundleType: 0
  readonly dataUnclearable: boolean
  readonly cloudFileSyncEnabled: boolean
  /** Numbers of resources, which say where texts and pictures come from: none. */
  readonly labelId: number
  readonly descriptionId: number
  readonly icon: string
  readonly iconId: number
  /** The uid: there are no tokens of access. What `IPCSkeleton.getCallingTokenId` gives for the same caller. */
  readonly accessTokenId: number
}

export function applicationInfo(
  ability: AbilityDetails,
  places: { readonly bundleFolder: string; readonly uid: number },
): KitApplicationInfo {
  return {
    name: ability.bundleName,
    label: ability.label,
    uid: places.uid,
    versionCode: ability.versionCode,
    versionName: ability.versionName,
    description: '',
    enabled: true,
    process: ability.bundleName,
    permissions: ability.permissions,
    codePath: places.bundleFolder,
    removable: true,
    systemApp: ability.systemApplication,
    appIndex: 0,
    nativeLibraryPath: 'libs',
    debug: true,
    appProvisionType: 'debug',
    appDistributionType: 'none',
    bundleType: 0,
    dataUnclearable: false,
    cloudFileSyncEnabled: false,
    labelId: 0,
    descriptionId: 0,
    icon: '',
    iconId: 0,
    accessTokenId: places.uid,
  }
}

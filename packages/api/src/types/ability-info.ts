/** Who made an application and where its files are (API document of bundleManager, `ApplicationInfo`; the part used here). */
export interface ApplicationInfo {
  /** Bundle name. */
  name: string
  label: string
  /** User id the host runs as. */
  uid: number
  versionCode: number
  versionName: string
}

/** A HAP module of a bundle (API document of bundleManager, `HapModuleInfo`; the part used here). */
export interface HapModuleInfo {
  name: string
  bundleName: string
  /** `entry` or `feature`. */
  type: string
}

/** An extension ability as declared in module.json5 (API document of bundleManager, `ExtensionAbilityInfo`). */
export interface ExtensionAbilityInfo {
  bundleName: string
  moduleName: string
  /** `want.abilityName` must equal it. */
  name: string
  /** `vpn` for VPN extensions. */
  extensionAbilityTypeName: string
  /** May other bundles start it. */
  exported: boolean
  description: string
  applicationInfo: ApplicationInfo
}

/**
 * What an extension sees as `this.context` (API document, `VpnExtensionContext` and the `Context` it extends). Plain
 * data; the kit adds the methods.
 */
export interface ExtensionContextInfo {
  /** Folders of the sandbox, absolute paths as on the device, such as `/data/storage/el2/base/haps/entry/files`. */
  filesDir: string
  cacheDir: string
  tempDir: string
  preferencesDir: string
  databaseDir: string
  bundleCodeDir: string
  applicationInfo: ApplicationInfo
  currentHapModuleInfo: HapModuleInfo
  extensionAbilityInfo: ExtensionAbilityInfo
}

import type { ApplicationInfo, ExtensionAbilityInfo, ExtensionContextInfo, HapModuleInfo } from '@vpnext/api'

import { missingMembers } from '../provided.ts'
import type { AbilityDetails } from '../runtime.ts'
import { type ContextFolders, applicationFolders, moduleFolders } from './folders.ts'

/** What every context tells: where files belong, and of which application. */
abstract class Context implements ContextFolders {
  readonly filesDir: string
  readonly cacheDir: string
  readonly tempDir: string
  readonly preferencesDir: string
  readonly databaseDir: string
  readonly bundleCodeDir: string
  readonly applicationInfo: ApplicationInfo

  constructor(folders: ContextFolders, applicationInfo: ApplicationInfo) {
    this.filesDir = folders.filesDir
    this.cacheDir = folders.cacheDir
    this.tempDir = folders.tempDir
    this.preferencesDir = folders.preferencesDir
    this.databaseDir = folders.databaseDir
    this.bundleCodeDir = folders.bundleCodeDir
    this.applicationInfo = applicationInfo
  }

  static {
    // What a context of the device has and this one lacks fails 801 by name instead of being undefined.
    Object.setPrototypeOf(this.prototype, missingMembers('context'))
  }
}

/** `context.getApplicationContext()`: the folders of the application, without those of a module. */
export class ApplicationContext extends Context {}

/** What an extension sees as `this.context` (API document, `VpnExtensionContext`). */
export class VpnExtensionContext extends Context implements ExtensionContextInfo {
  readonly currentHapModuleInfo: HapModuleInfo
  readonly extensionAbilityInfo: ExtensionAbilityInfo
  readonly #application: ApplicationContext

  /**
   * @param ability what the service says of the ability
   * @param places where the process finds its files, absolute
   */
  constructor(ability: AbilityDetails, places: { dataFolder: string; bundleFolder: string; uid: number }) {
    const applicationInfo: ApplicationInfo = {
      name: ability.bundleName,
      label: ability.label,
      uid: places.uid,
      versionCode: ability.versionCode,
      versionName: ability.versionName,
    }
    super(moduleFolders(places, ability.moduleName), applicationInfo)
    this.currentHapModuleInfo = { name: ability.moduleName, bundleName: ability.bundleName, type: 'entry' }
    this.extensionAbilityInfo = {
      bundleName: ability.bundleName,
      moduleName: ability.moduleName,
      name: ability.abilityName,
      extensionAbilityTypeName: 'vpn',
      exported: false,
      description: '',
      applicationInfo,
    }
    this.#application = new ApplicationContext(applicationFolders(places), applicationInfo)
  }

  getApplicationContext(): ApplicationContext {
    return this.#application
  }

  /** Whether `value` was made here: a look-alike is no context. */
  static is(value: unknown): value is VpnExtensionContext {
    return typeof value === 'object' && value !== null && #application in value
  }
}

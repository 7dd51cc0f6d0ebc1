declare module '@ohos.app.ability.Want' {
  /** Names an ability and says what is wanted of it. */
  export default interface Want {
    bundleName?: string
    abilityName?: string
    moduleName?: string
    deviceId?: string
    uri?: string
    type?: string
    flags?: number
    action?: string
    entities?: string[]
    /** Arrives in `onCreate`. */
    // As HarmonyOS declares it, so that code typed against its SDK compiles.
    // oxlint-disable-next-line typescript/no-wrapper-object-types
    parameters?: Record<string, Object>
  }
}

declare module '@ohos.app.ability.common' {
  namespace common {
    interface ApplicationInfo {
      readonly name: string
      readonly label: string
      readonly uid: number
      readonly versionCode: number
      readonly versionName: string
    }

    interface HapModuleInfo {
      readonly name: string
      readonly bundleName: string
      readonly type: string
    }

    interface ExtensionAbilityInfo {
      readonly bundleName: string
      readonly moduleName: string
      readonly name: string
      readonly extensionAbilityTypeName: string
      readonly exported: boolean
      readonly description: string
      readonly applicationInfo: ApplicationInfo
    }

    /** Folders and identity of an application. The folders exist, and are private to it. */
    interface Context {
      readonly filesDir: string
      readonly cacheDir: string
      readonly tempDir: string
      readonly preferencesDir: string
      readonly databaseDir: string
      /** The bundle's code and resources; read only. */
      readonly bundleCodeDir: string
      readonly applicationInfo: ApplicationInfo
      getApplicationContext(): ApplicationContext
    }

    type ApplicationContext = Omit<Context, 'getApplicationContext'>

    interface ExtensionContext extends Context {
      readonly currentHapModuleInfo: HapModuleInfo
      readonly extensionAbilityInfo: ExtensionAbilityInfo
    }

    interface VpnExtensionContext extends ExtensionContext {}
  }
  export default common
}

declare module '@kit.AbilityKit' {
  import common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'
  export { common }
  export type { Want }
}

declare module '@ohos.app.ability.VpnExtensionAbility' {
  import type common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'

  /** The base of every VPN extension. A callback may return a promise, which is awaited. */
  export default class VpnExtensionAbility {
    /** Set before the fields of a subclass are initialised. */
    context: common.VpnExtensionContext
    /** Once, after the construction. */
    onCreate(want: Want): void | Promise<void>
    /** For every start, the first one included. */
    onRequest(want: Want, startId: number): void | Promise<void>
    onConnect(want: Want): unknown
    onDisconnect(want: Want): void | Promise<void>
    /** Once; the process ends afterwards. */
    onDestroy(): void | Promise<void>
  }
}

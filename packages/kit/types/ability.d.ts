/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

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
    /** Arrives in `onCreate`. `{ type: 'FD', value: fd }` hands a descriptor over: `fds` of the Want that arrives has one of the same file. */
    // As HarmonyOS declares it, so that code typed against its SDK compiles.
    // oxlint-disable-next-line typescript/no-wrapper-object-types
    parameters?: Record<string, Object>
    /** What has arrived: the descriptors among `parameters`, by their names. Whoever gets them closes them; here they are not given. */
    readonly fds?: Record<string, number>
  }
}

declare module '@ohos.app.ability.contextConstant' {
  namespace contextConstant {
    enum AreaMode {
      EL1 = 0,
      EL2 = 1,
      EL3 = 2,
      EL4 = 3,
      EL5 = 4,
    }
    enum ProcessMode {
      NEW_PROCESS_ATTACH_TO_PARENT = 1,
      NEW_PROCESS_ATTACH_TO_STATUS_BAR_ITEM = 2,
      ATTACH_TO_STATUS_BAR_ITEM = 3,
    }
    enum StartupVisibility {
      STARTUP_HIDE = 0,
      STARTUP_SHOW = 1,
    }
  }
  export default contextConstant
}

declare module '@ohos.bundle.bundleManager' {
  import type Want from '@ohos.app.ability.Want'
  import type common from '@ohos.app.ability.common'
  import type { AsyncCallback } from '@ohos.base'

  namespace bundleManager {
    enum BundleFlag {
      GET_BUNDLE_INFO_DEFAULT = 0x0,
      GET_BUNDLE_INFO_WITH_APPLICATION = 0x1,
      GET_BUNDLE_INFO_WITH_HAP_MODULE = 0x2,
      GET_BUNDLE_INFO_WITH_ABILITY = 0x4,
      GET_BUNDLE_INFO_WITH_EXTENSION_ABILITY = 0x8,
      GET_BUNDLE_INFO_WITH_REQUESTED_PERMISSION = 0x10,
      GET_BUNDLE_INFO_WITH_METADATA = 0x20,
      GET_BUNDLE_INFO_WITH_DISABLE = 0x40,
      GET_BUNDLE_INFO_WITH_SIGNATURE_INFO = 0x80,
      GET_BUNDLE_INFO_WITH_MENU = 0x100,
      GET_BUNDLE_INFO_WITH_ROUTER_MAP = 0x200,
      GET_BUNDLE_INFO_WITH_SKILL = 0x800,
    }
    enum BundleType {
      APP = 0,
      ATOMIC_SERVICE = 1,
    }
    enum ModuleType {
      ENTRY = 1,
      FEATURE = 2,
      SHARED = 3,
    }
    enum PermissionGrantState {
      PERMISSION_DENIED = -1,
      PERMISSION_GRANTED = 0,
    }
    /** Of module.json5. */
    interface Metadata {
      name: string
      value: string
      /** Such as `$profile:config`. */
      resource: string
    }
    interface ModuleMetadata {
      readonly moduleName: string
      readonly metadata: Metadata[]
    }
    /** With GET_BUNDLE_INFO_WITH_APPLICATION. */
    interface ApplicationInfo extends common.ApplicationInfo {
      /** With GET_BUNDLE_INFO_WITH_METADATA. */
      readonly metadataArray: ModuleMetadata[]
    }
    /** The hash of what is installed: nobody signs it. */
    interface SignatureInfo {
      readonly appId: string
      readonly fingerprint: string
      readonly appIdentifier: string
    }
    interface AbilityInfo {
      /** With GET_BUNDLE_INFO_WITH_METADATA. */
      readonly metadata: Metadata[]
      readonly bundleName: string
      readonly moduleName: string
      readonly name: string
      readonly description: string
      readonly enabled: boolean
      readonly exported: boolean
      readonly applicationInfo: common.ApplicationInfo
    }
    interface ExtensionAbilityInfo extends AbilityInfo {
      readonly extensionAbilityTypeName: string
    }
    interface HapModuleInfo {
      readonly name: string
      readonly type: ModuleType
      readonly mainElementName: string
      /** With GET_BUNDLE_INFO_WITH_METADATA. */
      readonly metadata: Metadata[]
      readonly abilitiesInfo: AbilityInfo[]
      readonly extensionAbilitiesInfo: ExtensionAbilityInfo[]
    }
    interface ReqPermissionDetail {
      name: string
      moduleName: string
      reason: string
      reasonId: number
    }
    interface BundleInfo {
      readonly name: string
      readonly vendor: string
      readonly versionCode: number
      readonly versionName: string
      readonly minCompatibleVersionCode: number
      /** The API version of the kits. */
      readonly targetVersion: number
      /** Milliseconds since 1970. */
      readonly installTime: number
      readonly updateTime: number
      readonly firstInstallTime?: number
      readonly uid: number
      readonly appIndex: number
      /** With GET_BUNDLE_INFO_WITH_APPLICATION. */
      readonly appInfo: ApplicationInfo
      /** With GET_BUNDLE_INFO_WITH_SIGNATURE_INFO. */
      readonly signatureInfo: SignatureInfo
      readonly hapModulesInfo: HapModuleInfo[]
      readonly reqPermissionDetails: ReqPermissionDetail[]
      readonly permissionGrantStates: PermissionGrantState[]
    }
    function getBundleInfoForSelf(bundleFlags: number): Promise<BundleInfo>
    function getBundleInfoForSelf(bundleFlags: number, callback: AsyncCallback<BundleInfo>): void
    function getBundleInfoForSelfSync(bundleFlags: number): BundleInfo
    /** The profiles that an ability's metadata names, as JSON text. 17700002, 17700003, 17700024 */
    function getProfileByAbility(
      moduleName: string,
      abilityName: string,
      metadataName?: string,
    ): Promise<Array<string>>
    function getProfileByAbility(
      moduleName: string,
      abilityName: string,
      metadataName: string,
      callback: AsyncCallback<Array<string>>,
    ): void
    function getProfileByAbilitySync(
      moduleName: string,
      abilityName: string,
      metadataName?: string,
    ): Array<string>
    function getProfileByExtensionAbility(
      moduleName: string,
      extensionAbilityName: string,
      metadataName?: string,
    ): Promise<Array<string>>
    function getProfileByExtensionAbility(
      moduleName: string,
      extensionAbilityName: string,
      metadataName: string,
      callback: AsyncCallback<Array<string>>,
    ): void
    function getProfileByExtensionAbilitySync(
      moduleName: string,
      extensionAbilityName: string,
      metadataName?: string,
    ): Array<string>
    /** 17700072 where there is no page. */
    function getLaunchWant(): Want
    /** False: nothing here opens links. */
    function canOpenLink(link: string): boolean
    enum AbilityType {
      PAGE = 1,
      SERVICE = 2,
      DATA = 3,
    }
    enum LaunchType {
      SINGLETON = 0,
      MULTITON = 1,
      SPECIFIED = 2,
    }
    enum SupportWindowMode {
      FULL_SCREEN = 0,
      SPLIT = 1,
      FLOATING = 2,
    }
    enum CompatiblePolicy {
      BACKWARD_COMPATIBILITY = 1,
    }
    enum MultiAppModeType {
      UNSPECIFIED = 0,
      MULTI_INSTANCE = 1,
      APP_CLONE = 2,
    }
    enum ExtensionAbilityType {
      FORM = 0,
      WORK_SCHEDULER = 1,
      INPUT_METHOD = 2,
      SERVICE = 3,
      ACCESSIBILITY = 4,
      DATA_SHARE = 5,
      FILE_SHARE = 6,
      STATIC_SUBSCRIBER = 7,
      WALLPAPER = 8,
      BACKUP = 9,
      WINDOW = 10,
      ENTERPRISE_ADMIN = 11,
      THUMBNAIL = 13,
      PREVIEW = 14,
      PRINT = 15,
      SHARE = 16,
      PUSH = 17,
      DRIVER = 18,
      ACTION = 19,
      ADS_SERVICE = 20,
      EMBEDDED_UI = 21,
      INSIGHT_INTENT_UI = 22,
      FENCE = 24,
      CALLER_INFO_QUERY = 25,
      ASSET_ACCELERATION = 26,
      FORM_EDIT = 27,
      DISTRIBUTED = 28,
      APP_SERVICE = 29,
      LIVE_FORM = 30,
      UNSPECIFIED = 255,
    }
    enum DisplayOrientation {
      UNSPECIFIED = 0,
      LANDSCAPE = 1,
      PORTRAIT = 2,
      FOLLOW_RECENT = 3,
      LANDSCAPE_INVERTED = 4,
      PORTRAIT_INVERTED = 5,
      AUTO_ROTATION = 6,
      AUTO_ROTATION_LANDSCAPE = 7,
      AUTO_ROTATION_PORTRAIT = 8,
      AUTO_ROTATION_RESTRICTED = 9,
      AUTO_ROTATION_LANDSCAPE_RESTRICTED = 10,
      AUTO_ROTATION_PORTRAIT_RESTRICTED = 11,
      LOCKED = 12,
      AUTO_ROTATION_UNSPECIFIED = 13,
      FOLLOW_DESKTOP = 14,
    }
  }
  export default bundleManager
}

declare module '@ohos.app.ability.wantAgent' {
  import type Want from '@ohos.app.ability.Want'
  import type { AsyncCallback } from '@ohos.base'

  /** Says what to do later: start the own bundle, or publish a common event. Errors: 401, 801, 16000151. */
  namespace wantAgent {
    enum OperationType {
      UNKNOWN_TYPE = 0,
      START_ABILITY = 1,
      START_ABILITIES = 2,
      START_SERVICE = 3,
      SEND_COMMON_EVENT = 4,
    }
    /** Without effect: an agent lives as long as the process. */
    enum WantAgentFlags {
      ONE_TIME_FLAG = 0,
      NO_BUILD_FLAG = 1,
      CANCEL_PRESENT_FLAG = 2,
      UPDATE_PRESENT_FLAG = 3,
      CONSTANT_FLAG = 4,
      REPLACE_ELEMENT = 5,
      REPLACE_ACTION = 6,
      REPLACE_URI = 7,
      REPLACE_ENTITIES = 8,
      REPLACE_BUNDLE = 9,
    }
    interface WantAgentInfo {
      wants: Array<Want>
      actionType?: OperationType
      operationType?: OperationType
      requestCode: number
      actionFlags?: Array<WantAgentFlags>
      wantAgentFlags?: Array<WantAgentFlags>
      extraInfo?: { [key: string]: any }
    }
    interface TriggerInfo {
      code: number
      want?: Want
      permission?: string
      extraInfo?: { [key: string]: any }
    }
    interface CompleteData {
      info: WantAgent
      want: Want
      finalCode: number
      finalData: string
    }
    interface WantAgent {}
    function getWantAgent(info: WantAgentInfo): Promise<WantAgent>
    function getWantAgent(info: WantAgentInfo, callback: AsyncCallback<WantAgent>): void
    function getBundleName(agent: WantAgent): Promise<string>
    function getBundleName(agent: WantAgent, callback: AsyncCallback<string>): void
    function getUid(agent: WantAgent): Promise<number>
    function getUid(agent: WantAgent, callback: AsyncCallback<number>): void
    function getOperationType(agent: WantAgent): Promise<number>
    function getOperationType(agent: WantAgent, callback: AsyncCallback<number>): void
    function equal(agent: WantAgent, otherAgent: WantAgent): Promise<boolean>
    function equal(agent: WantAgent, otherAgent: WantAgent, callback: AsyncCallback<boolean>): void
    function cancel(agent: WantAgent): Promise<void>
    function cancel(agent: WantAgent, callback: AsyncCallback<void>): void
    function trigger(agent: WantAgent, triggerInfo: TriggerInfo, callback?: AsyncCallback<CompleteData>): void
  }
  export default wantAgent
}

declare module '@ohos.app.ability.common' {
  import type { AsyncCallback } from '@ohos.base'
  import type rpc from '@ohos.rpc'
  import type Want from '@ohos.app.ability.Want'
  import type bundleManager from '@ohos.bundle.bundleManager'
  import type contextConstant from '@ohos.app.ability.contextConstant'
  import type resourceManager from '@ohos.resourceManager'

  namespace common {
    interface ApplicationInfo {
      readonly name: string
      readonly label: string
      readonly uid: number
      readonly versionCode: number
      readonly versionName: string
      readonly description: string
      readonly enabled: boolean
      readonly process: string
      readonly permissions: string[]
      readonly codePath: string
      readonly removable: boolean
      readonly systemApp: boolean
      readonly appIndex: number
      /** Below `codePath`. */
      readonly nativeLibraryPath: string
      /** true: it is built from its sources. */
      readonly debug: boolean
      readonly appProvisionType: string
      readonly appDistributionType: string
      readonly bundleType: number
      readonly dataUnclearable: boolean
      readonly cloudFileSyncEnabled: boolean
      /** 0, as the following numbers. */
      readonly labelId: number
      readonly descriptionId: number
      readonly icon: string
      readonly iconId: number
      /** The uid: what `IPCSkeleton.getCallingTokenId` tells of this bundle. */
      readonly accessTokenId: number
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
      /** Where the files of `resfile` are. */
      readonly resourceDir: string
      readonly resourceManager: resourceManager.ResourceManager
      readonly applicationInfo: ApplicationInfo
      readonly eventHub: EventHub
      readonly processName: string
      /** Folders as any other: there is neither another device nor a cloud. */
      readonly distributedFilesDir: string
      readonly cloudFileDir: string
      /** Moves the folders to another area, and makes them. */
      area: contextConstant.AreaMode
      getApplicationContext(): ApplicationContext
      /** A folder that the processes of the bundle share. */
      getGroupDir(dataGroupID: string): Promise<string>
      getGroupDir(dataGroupID: string, callback: AsyncCallback<string>): void
      /** Of another module of the bundle. @throws 401 */
      createModuleContext(moduleName: string): Context
    }

    /** Events inside the process. */
    interface EventHub {
      on(event: string, callback: Function): void
      off(event: string, callback?: Function): void
      emit(event: string, ...args: Object[]): void
    }

    interface ProcessInformation {
      readonly processName: string
      readonly pid: number
      readonly uid: number
      readonly bundleNames: string[]
      readonly state: number
      readonly bundleType: number
      readonly appCloneIndex?: number
    }

    interface Configuration {
      language?: string
      colorMode?: number
      direction?: number
      screenDensity?: number
      displayId?: number
      hasPointerDevice?: boolean
      fontSizeScale?: number
      fontWeightScale?: number
      mcc?: string
      mnc?: string
    }

    /** A page, or its window stage, as the process has it. */
    interface AbilityLifecycleCallback {
      onAbilityWillCreate?(ability: Object): void
      onAbilityCreate?(ability: Object): void
      onWindowStageWillCreate?(ability: Object, windowStage: Object): void
      onWindowStageCreate?(ability: Object, windowStage: Object): void
      onWindowStageActive?(ability: Object, windowStage: Object): void
      onWindowStageInactive?(ability: Object, windowStage: Object): void
      onWindowStageWillDestroy?(ability: Object, windowStage: Object): void
      onWindowStageDestroy?(ability: Object, windowStage: Object): void
      onAbilityWillForeground?(ability: Object): void
      onAbilityForeground?(ability: Object): void
      onAbilityWillBackground?(ability: Object): void
      onAbilityBackground?(ability: Object): void
      onAbilityWillDestroy?(ability: Object): void
      onAbilityDestroy?(ability: Object): void
      onAbilityContinue?(ability: Object): void
      onWillNewWant?(ability: Object): void
      onNewWant?(ability: Object): void
    }

    interface EnvironmentCallback {
      onConfigurationUpdated(config: Configuration): void
      onMemoryLevel(level: number): void
    }

    interface ApplicationStateChangeCallback {
      onApplicationForeground(): void
      onApplicationBackground(): void
    }

    interface ElementName {
      readonly deviceId?: string
      readonly bundleName: string
      readonly moduleName?: string
      readonly abilityName: string
    }

    /** How a connection to an extension goes. */
    interface ConnectOptions {
      /** With what its `onConnect` returned. */
      onConnect(elementName: ElementName, remote: rpc.IRemoteObject): void
      /** It was disconnected, or the extension has ended. */
      onDisconnect(elementName: ElementName): void
      onFailed(code: number): void
    }

    /** What pages and extensions have in common. */
    interface AbilityContext extends Context {
      readonly currentHapModuleInfo: HapModuleInfo
      /** Uses an extension of the own bundle. @returns the number of the connection */
      connectServiceExtensionAbility(want: Want, options: ConnectOptions): number
      disconnectServiceExtensionAbility(connection: number): Promise<void>
      disconnectServiceExtensionAbility(connection: number, callback: AsyncCallback<void>): void
    }

    interface AbilityStageContext extends Context {
      readonly config: Configuration
      readonly currentHapModuleInfo: HapModuleInfo
    }

    interface UIAbilityContext extends AbilityContext {
      readonly config: Configuration
      readonly abilityInfo: bundleManager.AbilityInfo
      /** Starts a page of the own bundle. */
      startAbility(want: Want): Promise<void>
      startAbility(want: Want, callback: AsyncCallback<void>): void
      terminateSelf(): Promise<void>
      terminateSelf(callback: AsyncCallback<void>): void
      isTerminating(): boolean
      /** Without effect, as the following: there is nothing to see. */
      setColorMode(colorMode: number): void
      setRestoreEnabled(enabled: boolean): void
      setMissionLabel(label: string): Promise<void>
      setMissionLabel(label: string, callback: AsyncCallback<void>): void
      reportDrawnCompleted(callback: AsyncCallback<void>): void
      moveAbilityToBackground(): Promise<void>
    }

    interface ApplicationContext extends Context {
      /** Without effect. */
      setColorMode(colorMode: number): void
      /** Without effect. */
      setLanguage(language: string): void
      /** Without effect. */
      setFont(font: string): void
      /** Without effect. */
      setSupportedProcessCache(isSupported: boolean): void
      /** What becomes of the pages of this process. @returns the listener's number */
      on(type: 'abilityLifecycle', callback: AbilityLifecycleCallback): number
      /** Never happens here. @returns the listener's number */
      on(type: 'environment', callback: EnvironmentCallback): number
      on(type: 'applicationStateChange', callback: ApplicationStateChangeCallback): void
      off(type: 'abilityLifecycle' | 'environment', callbackId: number): Promise<void>
      off(type: 'abilityLifecycle' | 'environment', callbackId: number, callback: AsyncCallback<void>): void
      off(type: 'applicationStateChange', callback?: ApplicationStateChangeCallback): void
      /** Of this process alone. */
      getRunningProcessInformation(): Promise<ProcessInformation[]>
      getRunningProcessInformation(callback: AsyncCallback<ProcessInformation[]>): void
      /** @throws 16000071 */
      getCurrentAppCloneIndex(): number
      /** @throws 16000053 */
      restartApp(want: Want): void
      /** Removes what the bundle has written, and ends this process. */
      clearUpApplicationData(): Promise<void>
      clearUpApplicationData(callback: AsyncCallback<void>): void
      /** Ends this process. */
      killAllProcesses(): void
    }

    interface ExtensionContext extends AbilityContext {
      readonly extensionAbilityInfo: ExtensionAbilityInfo
      readonly config: Configuration
    }

    interface VpnExtensionContext extends ExtensionContext {}
  }
  export default common
}

declare module '@ohos.app.ability.AbilityLifecycleCallback' {
  import type common from '@ohos.app.ability.common'
  export default interface AbilityLifecycleCallback extends common.AbilityLifecycleCallback {}
}

declare module '@ohos.app.ability.EnvironmentCallback' {
  import type common from '@ohos.app.ability.common'
  export default interface EnvironmentCallback extends common.EnvironmentCallback {}
}

declare module '@ohos.app.ability.ApplicationStateChangeCallback' {
  import type common from '@ohos.app.ability.common'
  export default interface ApplicationStateChangeCallback extends common.ApplicationStateChangeCallback {}
}

declare module '@ohos.app.ability.Configuration' {
  import type common from '@ohos.app.ability.common'
  export interface Configuration extends common.Configuration {}
}

declare module '@kit.AbilityKit' {
  import type AbilityLifecycleCallback from '@ohos.app.ability.AbilityLifecycleCallback'
  import type ApplicationStateChangeCallback from '@ohos.app.ability.ApplicationStateChangeCallback'
  import type { Configuration } from '@ohos.app.ability.Configuration'
  import type EnvironmentCallback from '@ohos.app.ability.EnvironmentCallback'
  import common from '@ohos.app.ability.common'
  import contextConstant from '@ohos.app.ability.contextConstant'
  import type Want from '@ohos.app.ability.Want'
  import wantAgent from '@ohos.app.ability.wantAgent'
  import bundleManager from '@ohos.bundle.bundleManager'
  export { bundleManager, common, contextConstant, wantAgent }
  export type WantAgent = wantAgent.WantAgent
  export type {
    AbilityLifecycleCallback,
    ApplicationStateChangeCallback,
    Configuration,
    EnvironmentCallback,
    Want,
  }
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

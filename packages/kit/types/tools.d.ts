/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.uri' {
  namespace uri {
    /** RFC 3986. Errors: 401, 10200002. */
    class URI {
      constructor(uri: string)
      static createFromString(uri: string): URI
      readonly scheme: string | null
      readonly userInfo: string | null
      readonly host: string | null
      /** `-1`: none. */
      readonly port: string
      readonly path: string | null
      readonly query: string | null
      readonly fragment: string | null
      readonly authority: string | null
      readonly ssp: string
      readonly encodedUserInfo: string | null
      readonly encodedPath: string | null
      readonly encodedQuery: string | null
      readonly encodedFragment: string | null
      readonly encodedAuthority: string | null
      readonly encodedSSP: string
      checkIsAbsolute(): boolean
      checkRelative(): boolean
      checkOpaque(): boolean
      checkHierarchical(): boolean
      equals(other: URI): boolean
      equalsTo(other: URI): boolean
      normalize(): URI
      toString(): string
      getQueryNames(): string[]
      getQueryValue(key: string): string | null
      getQueryValues(key: string): string[]
      getBooleanQueryValue(key: string, defaultValue: boolean): boolean
      addQueryValue(key: string, value: string): URI
      clearQuery(): URI
      getSegment(): string[]
      getLastSegment(): string
      addSegment(segment: string): URI
      addEncodedSegment(segment: string): URI
    }
  }
  export default uri
}

declare module '@kit.ArkTS' {
  import uri from '@ohos.uri'
  export { uri }
}

declare module '@ohos.app.ability.wantConstant' {
  namespace wantConstant {
    enum Flags {
      FLAG_AUTH_READ_URI_PERMISSION = 0x1,
      FLAG_AUTH_WRITE_URI_PERMISSION = 0x2,
      FLAG_AUTH_PERSISTABLE_URI_PERMISSION = 0x40,
      FLAG_INSTALL_ON_DEMAND = 0x800,
      FLAG_START_WITHOUT_TIPS = 0x40000000,
    }
    enum Params {
      ABILITY_BACK_TO_OTHER_MISSION_STACK = 'ability.params.backToOtherMissionStack',
      ABILITY_RECOVERY_RESTART = 'ohos.aafwk.param.AbilityRecoveryRestart',
      CONTENT_TITLE_KEY = 'ohos.extra.param.key.contentTitle',
      SHARE_ABSTRACT_KEY = 'ohos.extra.param.key.shareAbstract',
      SHARE_URL_KEY = 'ohos.extra.param.key.shareUrl',
      SUPPORT_CONTINUE_PAGE_STACK_KEY = 'ohos.extra.param.key.supportContinuePageStack',
      SUPPORT_CONTINUE_SOURCE_EXIT_KEY = 'ohos.extra.param.key.supportContinueSourceExit',
      SHOW_MODE_KEY = 'ohos.extra.param.key.showMode',
    }
  }
  export default wantConstant
}

declare module '@ohos.abilityAccessCtrl' {
  import type common from '@ohos.app.ability.common'
  import type { AsyncCallback } from '@ohos.base'

  /** What module.json5 asks for is granted; nobody is asked again. */
  namespace abilityAccessCtrl {
    enum GrantStatus {
      PERMISSION_DENIED = -1,
      PERMISSION_GRANTED = 0,
    }
    enum PermissionRequestToggleStatus {
      CLOSED = 0,
      OPEN = 1,
    }
    interface AtManager {
      checkAccessToken(tokenID: number, permissionName: string): Promise<GrantStatus>
      checkAccessTokenSync(tokenID: number, permissionName: string): GrantStatus
      verifyAccessToken(tokenID: number, permissionName: string): Promise<GrantStatus>
      verifyAccessTokenSync(tokenID: number, permissionName: string): GrantStatus
      requestPermissionsFromUser(
        context: common.Context,
        permissionList: Array<string>,
      ): Promise<PermissionRequestResult>
      requestPermissionsFromUser(
        context: common.Context,
        permissionList: Array<string>,
        requestCallback: AsyncCallback<PermissionRequestResult>,
      ): void
    }
    function createAtManager(): AtManager
  }
  export interface PermissionRequestResult {
    permissions: Array<string>
    authResults: Array<number>
    dialogShownResults?: Array<boolean>
  }
  export type Permissions = string
  export default abilityAccessCtrl
}

declare module '@ohos.app.ability.errorManager' {
  import type { AsyncCallback } from '@ohos.base'

  /** Hears of what nobody has caught. Errors: 401. */
  namespace errorManager {
    interface ErrorObserver {
      onUnhandledException(errMsg: string): void
      onException?(errObject: Error): void
    }
    type UnhandledRejectionObserver = (reason: any, promise: Promise<any>) => void
    function on(type: 'error', observer: ErrorObserver): number
    function on(type: 'unhandledRejection', observer: UnhandledRejectionObserver): void
    function off(type: 'error', observerId: number): Promise<void>
    function off(type: 'error', observerId: number, callback: AsyncCallback<void>): void
    function off(type: 'unhandledRejection', observer?: UnhandledRejectionObserver): void
  }
  export default errorManager
}

declare module '@kit.AbilityKit' {
  import abilityAccessCtrl from '@ohos.abilityAccessCtrl'
  import type { PermissionRequestResult, Permissions } from '@ohos.abilityAccessCtrl'
  import errorManager from '@ohos.app.ability.errorManager'
  import wantConstant from '@ohos.app.ability.wantConstant'
  export { abilityAccessCtrl, errorManager, wantConstant }
  export type { PermissionRequestResult, Permissions }
}

declare module '@ohos.batteryInfo' {
  /** From the kernel's power supplies; a machine without a battery is on mains, at 100 %. */
  namespace batteryInfo {
    enum BatteryPluggedType {
      NONE = 0,
      AC = 1,
      USB = 2,
      WIRELESS = 3,
    }
    enum BatteryChargeState {
      NONE = 0,
      ENABLE = 1,
      DISABLE = 2,
      FULL = 3,
    }
    enum BatteryHealthState {
      UNKNOWN = 0,
      GOOD = 1,
      OVERHEAT = 2,
      OVERVOLTAGE = 3,
      COLD = 4,
      DEAD = 5,
    }
    enum BatteryCapacityLevel {
      LEVEL_FULL = 1,
      LEVEL_HIGH = 2,
      LEVEL_NORMAL = 3,
      LEVEL_LOW = 4,
      LEVEL_WARNING = 5,
      LEVEL_CRITICAL = 6,
      LEVEL_SHUTDOWN = 7,
    }
    /** Percent. */
    const batterySOC: number
    const chargingStatus: BatteryChargeState
    const healthStatus: BatteryHealthState
    const pluggedType: BatteryPluggedType
    /** Microvolts. */
    const voltage: number
    const technology: string
    /** Tenths of a degree Celsius. */
    const batteryTemperature: number
    const isBatteryPresent: boolean
    const batteryCapacityLevel: BatteryCapacityLevel
    /** Milliamperes. */
    const nowCurrent: number
  }
  export default batteryInfo
}

declare module '@kit.BasicServicesKit' {
  import batteryInfo from '@ohos.batteryInfo'
  export { batteryInfo }
}

declare module '@ohos.file.fileuri' {
  /** `file://<bundle>/<path>`. Errors: 401. */
  namespace fileUri {
    class FileUri {
      constructor(uriOrPath: string)
      readonly name: string
      readonly path: string
      toString(): string
      getFullDirectoryUri(): string
      isRemoteUri(): boolean
    }
    function getUriFromPath(path: string): string
  }
  export default fileUri
}

declare module '@ohos.file.hash' {
  import type { AsyncCallback } from '@ohos.base'

  /** `algorithm`: `md5`, `sha1` or `sha256`; results in hexadecimal capitals. Errors: 139000xx. */
  namespace hash {
    interface HashStream {
      update(data: ArrayBuffer): void
      digest(): string
    }
    function hash(path: string, algorithm: string): Promise<string>
    function hash(path: string, algorithm: string, callback: AsyncCallback<string>): void
    function createHash(algorithm: string): HashStream
  }
  export default hash
}

declare module '@ohos.file.statvfs' {
  import type { AsyncCallback } from '@ohos.base'

  /** Bytes of the file system that a path is in. Errors: 139000xx. */
  namespace statfs {
    function getFreeSize(path: string): Promise<number>
    function getFreeSize(path: string, callback: AsyncCallback<number>): void
    function getFreeSizeSync(path: string): number
    function getTotalSize(path: string): Promise<number>
    function getTotalSize(path: string, callback: AsyncCallback<number>): void
    function getTotalSizeSync(path: string): number
  }
  export default statfs
}

declare module '@kit.CoreFileKit' {
  import fileUri from '@ohos.file.fileuri'
  import hash from '@ohos.file.hash'
  import statfs from '@ohos.file.statvfs'
  export { fileUri, hash, statfs }
}

declare module '@ohos.intl' {
  /** The language's own `Intl`, with the options of ECMA-402. */
  namespace intl {
    /** Without a name, that of the process. */
    class Locale extends Intl.Locale {
      constructor(locale?: string | Intl.Locale, options?: Intl.LocaleOptions)
    }
    class DateTimeFormat {
      constructor(locale?: string | Array<string>, options?: Intl.DateTimeFormatOptions)
      format(date: Date): string
      formatRange(startDate: Date, endDate: Date): string
      resolvedOptions(): Intl.ResolvedDateTimeFormatOptions
    }
    class NumberFormat {
      constructor(locale?: string | Array<string>, options?: Intl.NumberFormatOptions)
      format(number: number): string
      resolvedOptions(): Intl.ResolvedNumberFormatOptions
    }
    class Collator {
      constructor(locale?: string | Array<string>, options?: Intl.CollatorOptions)
      compare(first: string, second: string): number
      resolvedOptions(): Intl.ResolvedCollatorOptions
    }
    class PluralRules {
      constructor(locale?: string | Array<string>, options?: Intl.PluralRulesOptions)
      select(n: number): string
    }
    class RelativeTimeFormat {
      constructor(locale?: string | Array<string>, options?: Intl.RelativeTimeFormatOptions)
      format(value: number, unit: Intl.RelativeTimeFormatUnit): string
      formatToParts(value: number, unit: Intl.RelativeTimeFormatUnit): object[]
      resolvedOptions(): Intl.ResolvedRelativeTimeFormatOptions
    }
  }
  export default intl
}

declare module '@kit.LocalizationKit' {
  import intl from '@ohos.intl'
  export { intl }
}

declare module '@ohos.resourceschedule.backgroundTaskManager' {
  import type common from '@ohos.app.ability.common'
  import type wantAgent from '@ohos.app.ability.wantAgent'
  import type { AsyncCallback, Callback } from '@ohos.base'

  /** Of pages: a VPN extension runs anyway, and a continuous task is refused with 401, as on a device. Errors: 201, 401, 9800005. */
  namespace backgroundTaskManager {
    enum BackgroundMode {
      DATA_TRANSFER = 1,
      AUDIO_PLAYBACK = 2,
      AUDIO_RECORDING = 3,
      LOCATION = 4,
      BLUETOOTH_INTERACTION = 5,
      MULTI_DEVICE_CONNECTION = 6,
      VOIP = 8,
      TASK_KEEPING = 9,
    }
    enum BackgroundSubMode {
      CAR_KEY = 1,
    }
    interface ContinuousTaskNotification {
      slotType: number
      contentType: number
      notificationId: number
      /** Of a request alone. */
      continuousTaskId?: number
    }
    interface ContinuousTaskInfo {
      backgroundModes: string[]
      isFromWebView: boolean
      continuousTaskId?: number
    }
    enum BackgroundTaskMode {
      MODE_DATA_TRANSFER = 1,
      MODE_AUDIO_PLAYBACK = 2,
      MODE_AUDIO_RECORDING = 3,
      MODE_LOCATION = 4,
      MODE_BLUETOOTH_INTERACTION = 5,
      MODE_MULTI_DEVICE_CONNECTION = 6,
      MODE_VOIP = 8,
      MODE_TASK_KEEPING = 9,
      MODE_AV_PLAYBACK_AND_RECORD = 12,
      MODE_SPECIAL_SCENARIO_PROCESSING = 13,
    }
    enum BackgroundTaskSubmode {
      SUBMODE_CAR_KEY_NORMAL_NOTIFICATION = 1,
      SUBMODE_NORMAL_NOTIFICATION = 2,
      SUBMODE_LIVE_VIEW_NOTIFICATION = 3,
      SUBMODE_AUDIO_PLAYBACK_NORMAL_NOTIFICATION = 4,
      SUBMODE_AVSESSION_AUDIO_PLAYBACK = 5,
      SUBMODE_AUDIO_RECORD_NORMAL_NOTIFICATION = 6,
      SUBMODE_SCREEN_RECORD_NORMAL_NOTIFICATION = 7,
      SUBMODE_VOICE_CHAT_NORMAL_NOTIFICATION = 8,
      SUBMODE_MEDIA_PROCESS_NORMAL_NOTIFICATION = 9,
      SUBMODE_VIDEO_BROADCAST_NORMAL_NOTIFICATION = 10,
      SUBMODE_WORK_OUT_NORMAL_NOTIFICATION = 11,
    }
    enum UserAuthResult {
      NOT_SUPPORTED = 0,
      NOT_DETERMINED = 1,
      DENIED = 2,
      GRANTED_ONCE = 3,
      GRANTED_ALWAYS = 4,
    }
    class ContinuousTaskRequest {
      backgroundTaskModes: BackgroundTaskMode[]
      /** One for each mode. */
      backgroundTaskSubmodes: BackgroundTaskSubmode[]
      wantAgent: wantAgent.WantAgent
      combinedTaskNotification?: boolean
      /** For `updateBackgroundRunning`. */
      continuousTaskId?: number
      isModeSupported(): boolean
      /** Nobody is asked: `NOT_SUPPORTED`. */
      requestAuthFromUser(context: common.Context, callback: Callback<UserAuthResult>): void
      checkSpecialScenarioAuth(context: common.Context): Promise<UserAuthResult>
    }
    function startBackgroundRunning(
      context: common.Context,
      request: ContinuousTaskRequest,
    ): Promise<ContinuousTaskNotification>
    function updateBackgroundRunning(
      context: common.Context,
      request: ContinuousTaskRequest,
    ): Promise<ContinuousTaskNotification>
    function stopBackgroundRunning(context: common.Context, continuousTaskId: number): Promise<void>
    interface DelaySuspendInfo {
      requestId: number
      /** Milliseconds. */
      actualDelayTime: number
    }
    function startBackgroundRunning(
      context: common.Context,
      bgMode: BackgroundMode,
      wantAgent: wantAgent.WantAgent,
    ): Promise<void>
    function startBackgroundRunning(
      context: common.Context,
      bgMode: BackgroundMode,
      wantAgent: wantAgent.WantAgent,
      callback: AsyncCallback<void>,
    ): void
    function startBackgroundRunning(
      context: common.Context,
      bgModes: string[],
      wantAgent: wantAgent.WantAgent,
    ): Promise<ContinuousTaskNotification>
    function updateBackgroundRunning(
      context: common.Context,
      bgModes: string[],
    ): Promise<ContinuousTaskNotification>
    function getAllContinuousTasks(context: common.Context): Promise<ContinuousTaskInfo[]>
    /** Never happens. */
    function on(type: 'continuousTaskCancel', callback: Callback<any>): void
    function off(type: 'continuousTaskCancel', callback?: Callback<any>): void
    function stopBackgroundRunning(context: common.Context): Promise<void>
    function stopBackgroundRunning(context: common.Context, callback: AsyncCallback<void>): void
    function requestSuspendDelay(reason: string, callback: Callback<void>): DelaySuspendInfo
    function getRemainingDelayTime(requestId: number): Promise<number>
    function getRemainingDelayTime(requestId: number, callback: AsyncCallback<number>): void
    function cancelSuspendDelay(requestId: number): void
  }
  export default backgroundTaskManager
}

declare module '@kit.BackgroundTasksKit' {
  import backgroundTaskManager from '@ohos.resourceschedule.backgroundTaskManager'
  export { backgroundTaskManager }
}

/* oxlint-disable typescript/no-wrapper-object-types, typescript/no-explicit-any -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.app.ability.AbilityConstant' {
  namespace AbilityConstant {
    interface LaunchParam {
      launchReason: LaunchReason
      lastExitReason: LastExitReason
    }
    enum LaunchReason {
      UNKNOWN = 0,
      START_ABILITY = 1,
      CALL = 2,
      CONTINUATION = 3,
      APP_RECOVERY = 4,
      SHARE = 5,
      AUTO_STARTUP = 8,
      INSIGHT_INTENT = 9,
      PREPARE_CONTINUATION = 10,
    }
    enum LastExitReason {
      UNKNOWN = 0,
      ABILITY_NOT_RESPONDING = 1,
      NORMAL = 2,
      CPP_CRASH = 3,
      JS_ERROR = 4,
      APP_FREEZE = 5,
      PERFORMANCE_CONTROL = 6,
      RESOURCE_CONTROL = 7,
      UPGRADE = 8,
      USER_REQUEST = 9,
      SIGNAL = 10,
    }
    enum PrepareTermination {
      TERMINATE_IMMEDIATELY = 0,
      CANCEL = 1,
    }
    enum OnSaveResult {
      ALL_AGREE = 0,
      CONTINUATION_REJECT = 1,
      CONTINUATION_MISMATCH = 2,
      RECOVERY_AGREE = 3,
      RECOVERY_REJECT = 4,
      ALL_REJECT = 5,
    }
    enum StateType {
      CONTINUATION = 0,
      APP_RECOVERY = 1,
    }
    enum ContinueState {
      ACTIVE = 0,
      INACTIVE = 1,
    }
    enum CollaborateResult {
      ACCEPT = 0,
      REJECT = 1,
    }
    enum OnContinueResult {
      AGREE = 0,
      REJECT = 1,
      MISMATCH = 2,
    }
    enum MemoryLevel {
      MEMORY_LEVEL_MODERATE = 0,
      MEMORY_LEVEL_LOW = 1,
      MEMORY_LEVEL_CRITICAL = 2,
    }
    enum WindowMode {
      WINDOW_MODE_UNDEFINED = 0,
      WINDOW_MODE_FULLSCREEN = 1,
      WINDOW_MODE_SPLIT_PRIMARY = 100,
      WINDOW_MODE_SPLIT_SECONDARY = 101,
      WINDOW_MODE_FLOATING = 102,
    }
  }
  export default AbilityConstant
}

declare module '@ohos.app.ability.ConfigurationConstant' {
  namespace ConfigurationConstant {
    enum ColorMode {
      COLOR_MODE_NOT_SET = -1,
      COLOR_MODE_DARK = 0,
      COLOR_MODE_LIGHT = 1,
    }
    enum Direction {
      DIRECTION_NOT_SET = -1,
      DIRECTION_VERTICAL = 0,
      DIRECTION_HORIZONTAL = 1,
    }
    enum ScreenDensity {
      SCREEN_DENSITY_NOT_SET = 0,
      SCREEN_DENSITY_SDPI = 120,
      SCREEN_DENSITY_MDPI = 160,
      SCREEN_DENSITY_LDPI = 240,
      SCREEN_DENSITY_XLDPI = 320,
      SCREEN_DENSITY_XXLDPI = 480,
      SCREEN_DENSITY_XXXLDPI = 640,
    }
  }
  export default ConfigurationConstant
}

declare module '@ohos.app.ability.UIAbility' {
  import type AbilityConstant from '@ohos.app.ability.AbilityConstant'
  import type common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'

  /** The base of every page. It runs without a screen: content is accepted and not shown. */
  export default class UIAbility {
    context: common.UIAbilityContext
    launchWant: Want
    lastRequestWant: Want
    onCreate(want: Want, launchParam: AbilityConstant.LaunchParam): void | Promise<void>
    onNewWant(want: Want, launchParam: AbilityConstant.LaunchParam): void | Promise<void>
    onWindowStageCreate(windowStage: any): void | Promise<void>
    onWindowStageWillDestroy(windowStage: any): void | Promise<void>
    onWindowStageDestroy(): void | Promise<void>
    onForeground(): void | Promise<void>
    onBackground(): void | Promise<void>
    onDestroy(): void | Promise<void>
  }
}

declare module '@ohos.app.ability.AbilityStage' {
  import type common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'

  /** A module's code that runs before its abilities, once in each process of theirs: `srcEntry` of the module. */
  export default class AbilityStage {
    context: common.AbilityStageContext
    onCreate(): void
    /** Not called here, as the following. */
    onAcceptWant(want: Want): string
    onNewProcessRequest(want: Want): string
    onConfigurationUpdate(newConfig: object): void
    onMemoryLevel(level: number): void
    onPrepareTermination(): unknown
    onDestroy(): void
  }
}

declare module '@kit.AbilityKit' {
  import AbilityConstant from '@ohos.app.ability.AbilityConstant'
  import AbilityStage from '@ohos.app.ability.AbilityStage'
  import ConfigurationConstant from '@ohos.app.ability.ConfigurationConstant'
  import UIAbility from '@ohos.app.ability.UIAbility'
  export { AbilityConstant, AbilityStage, ConfigurationConstant, UIAbility }
}

declare module '@ohos.window' {
  import type { AsyncCallback } from '@ohos.base'

  /** Types alone: what a page is given accepts content and shows none. */
  namespace window {
    interface WindowStage {
      loadContent(path: string, storage?: LocalStorage): Promise<void>
      loadContent(path: string, callback: AsyncCallback<void>): void
      loadContent(path: string, storage: LocalStorage, callback: AsyncCallback<void>): void
      getMainWindow(): Promise<Window>
      getMainWindowSync(): Window
      [member: string]: any
    }
    interface Window {
      [member: string]: any
    }
  }
  export default window
}

declare module '@ohos.arkui.StateManagement' {
  interface ObjectStorage {
    connect<T extends object>(
      type: new (...args: any[]) => T,
      keyOrDefaultCreator?: string | (() => T),
      defaultCreator?: () => T,
    ): T | undefined
    remove(keyOrType: string | (new (...args: any[]) => object)): void
    keys(): Array<string>
  }
  /** One object for each key; they live as long as the process. */
  export const AppStorageV2: ObjectStorage
  /** As `AppStorageV2`, and not kept either. */
  export const PersistenceV2: ObjectStorage & {
    globalConnect<T extends object>(type: {
      type: new (...args: any[]) => T
      key?: string
      defaultCreator?: () => T
    }): T | undefined
    save(keyOrType: string | (new (...args: any[]) => object)): void
    notifyOnError(callback: ((key: string, reason: string, message: string) => void) | undefined): void
  }
  /** Nothing is observed: each gives what it got. */
  export const UIUtils: {
    getTarget<T extends object>(source: T): T
    makeObserved<T extends object>(source: T): T
    makeV1Observed<T extends object>(source: T): T
    enableV2Compatibility<T extends object>(source: T): T
  }
}

declare module '@kit.ArkUI' {
  import window from '@ohos.window'
  export { window }
  export { AppStorageV2, PersistenceV2, UIUtils } from '@ohos.arkui.StateManagement'
}

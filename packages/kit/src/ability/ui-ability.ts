import type { Want } from '@vpnext/api'

import type { UIAbilityContext } from './ui-ability-context.ts'

/** A page's class and its callbacks, of `UIAbility`; a class that extends nothing may lack any. */
export interface PageAbility {
  context: UIAbilityContext
  launchWant?: Want
  lastRequestWant?: Want
  onCreate?(want: Want, launchParam: object): unknown
  onNewWant?(want: Want, launchParam: object): unknown
  onWindowStageCreate?(windowStage: object): unknown
  onWindowStageWillDestroy?(windowStage: object): unknown
  onWindowStageDestroy?(): unknown
  onForeground?(): unknown
  onBackground?(): unknown
  onDestroy?(): unknown
}

/** The base class of every page. */
export type PageAbilityClass = new () => PageAbility

/** Makes the base class for this process's page; as for extensions, `context` is there before fields are initialised. */
export function uiAbility(context: UIAbilityContext | undefined): PageAbilityClass {
  return class UIAbility {
    declare context: UIAbilityContext

    constructor() {
      if (context !== undefined) this.context = context
    }

    // As those of an extension's base class.
    onCreate(): void {}
    onNewWant(): void {}
    onWindowStageCreate(): void {}
    onWindowStageWillDestroy(): void {}
    onWindowStageDestroy(): void {}
    onForeground(): void {}
    onBackground(): void {}
    onDestroy(): void {}
  }
}

/** `AbilityConstant`, as far as the life cycle here has it. */
export const abilityConstant = {
  LaunchReason: {
    UNKNOWN: 0,
    START_ABILITY: 1,
    CALL: 2,
    CONTINUATION: 3,
    APP_RECOVERY: 4,
    SHARE: 5,
    AUTO_STARTUP: 8,
    INSIGHT_INTENT: 9,
    PREPARE_CONTINUATION: 10,
  },
  LastExitReason: {
    UNKNOWN: 0,
    ABILITY_NOT_RESPONDING: 1,
    NORMAL: 2,
    CPP_CRASH: 3,
    JS_ERROR: 4,
    APP_FREEZE: 5,
    PERFORMANCE_CONTROL: 6,
    RESOURCE_CONTROL: 7,
    UPGRADE: 8,
    USER_REQUEST: 9,
    SIGNAL: 10,
  },
  PrepareTermination: { TERMINATE_IMMEDIATELY: 0, CANCEL: 1 },
  OnSaveResult: {
    ALL_AGREE: 0,
    CONTINUATION_REJECT: 1,
    CONTINUATION_MISMATCH: 2,
    RECOVERY_AGREE: 3,
    RECOVERY_REJECT: 4,
    ALL_REJECT: 5,
  },
  StateType: { CONTINUATION: 0, APP_RECOVERY: 1 },
  ContinueState: { ACTIVE: 0, INACTIVE: 1 },
  CollaborateResult: { ACCEPT: 0, REJECT: 1 },
  OnContinueResult: { AGREE: 0, REJECT: 1, MISMATCH: 2 },
  MemoryLevel: { MEMORY_LEVEL_MODERATE: 0, MEMORY_LEVEL_LOW: 1, MEMORY_LEVEL_CRITICAL: 2 },
  WindowMode: {
    WINDOW_MODE_UNDEFINED: 0,
    WINDOW_MODE_FULLSCREEN: 1,
    WINDOW_MODE_SPLIT_PRIMARY: 100,
    WINDOW_MODE_SPLIT_SECONDARY: 101,
    WINDOW_MODE_FLOATING: 102,
  },
} as const

/** `ConfigurationConstant`. */
export const configurationConstant = {
  ColorMode: { COLOR_MODE_NOT_SET: -1, COLOR_MODE_DARK: 0, COLOR_MODE_LIGHT: 1 },
  Direction: { DIRECTION_NOT_SET: -1, DIRECTION_VERTICAL: 0, DIRECTION_HORIZONTAL: 1 },
  ScreenDensity: {
    SCREEN_DENSITY_NOT_SET: 0,
    SCREEN_DENSITY_SDPI: 120,
    SCREEN_DENSITY_MDPI: 160,
    SCREEN_DENSITY_LDPI: 240,
    SCREEN_DENSITY_XLDPI: 320,
    SCREEN_DENSITY_XXLDPI: 480,
    SCREEN_DENSITY_XXXLDPI: 640,
  },
} as const

import { provide } from '../provided.ts'

/** `wantConstant` of `@kit.AbilityKit`. */
export function wantConstantNamespace(): object {
  return provide('wantConstant', {
    Flags: provide('wantConstant.Flags', {
      FLAG_AUTH_READ_URI_PERMISSION: 0x1,
      FLAG_AUTH_WRITE_URI_PERMISSION: 0x2,
      FLAG_AUTH_PERSISTABLE_URI_PERMISSION: 0x40,
      FLAG_INSTALL_ON_DEMAND: 0x800,
      FLAG_START_WITHOUT_TIPS: 0x40000000,
    }),
    Params: provide('wantConstant.Params', {
      ABILITY_BACK_TO_OTHER_MISSION_STACK: 'ability.params.backToOtherMissionStack',
      ABILITY_RECOVERY_RESTART: 'ohos.aafwk.param.AbilityRecoveryRestart',
      CONTENT_TITLE_KEY: 'ohos.extra.param.key.contentTitle',
      SHARE_ABSTRACT_KEY: 'ohos.extra.param.key.shareAbstract',
      SHARE_URL_KEY: 'ohos.extra.param.key.shareUrl',
      SUPPORT_CONTINUE_PAGE_STACK_KEY: 'ohos.extra.param.key.supportContinuePageStack',
      SUPPORT_CONTINUE_SOURCE_EXIT_KEY: 'ohos.extra.param.key.supportContinueSourceExit',
      SHOW_MODE_KEY: 'ohos.extra.param.key.showMode',
    }),
  })
}

/** `contextConstant` of `@kit.AbilityKit`, besides what `areaMode` is. */
export const moreContextConstants: { readonly ProcessMode: object; readonly StartupVisibility: object } = {
  ProcessMode: provide('contextConstant.ProcessMode', {
    NEW_PROCESS_ATTACH_TO_PARENT: 1,
    NEW_PROCESS_ATTACH_TO_STATUS_BAR_ITEM: 2,
    ATTACH_TO_STATUS_BAR_ITEM: 3,
  }),
  StartupVisibility: provide('contextConstant.StartupVisibility', { STARTUP_HIDE: 0, STARTUP_SHOW: 1 }),
}

/** Enumerations of `bundleManager` that tell of what other bundles have too. */
export const bundleEnumerations: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries({
    AbilityType: { PAGE: 1, SERVICE: 2, DATA: 3 },
    LaunchType: { SINGLETON: 0, MULTITON: 1, SPECIFIED: 2 },
    SupportWindowMode: { FULL_SCREEN: 0, SPLIT: 1, FLOATING: 2 },
    CompatiblePolicy: { BACKWARD_COMPATIBILITY: 1 },
    MultiAppModeType: { UNSPECIFIED: 0, MULTI_INSTANCE: 1, APP_CLONE: 2 },
    ExtensionAbilityType: {
      FORM: 0,
      WORK_SCHEDULER: 1,
      INPUT_METHOD: 2,
      SERVICE: 3,
      ACCESSIBILITY: 4,
      DATA_SHARE: 5,
      FILE_SHARE: 6,
      STATIC_SUBSCRIBER: 7,
      WALLPAPER: 8,
      BACKUP: 9,
      WINDOW: 10,
      ENTERPRISE_ADMIN: 11,
      THUMBNAIL: 13,
      PREVIEW: 14,
      PRINT: 15,
      SHARE: 16,
      PUSH: 17,
      DRIVER: 18,
      ACTION: 19,
      ADS_SERVICE: 20,
      EMBEDDED_UI: 21,
      INSIGHT_INTENT_UI: 22,
      FENCE: 24,
      CALLER_INFO_QUERY: 25,
      ASSET_ACCELERATION: 26,
      FORM_EDIT: 27,
      DISTRIBUTED: 28,
      APP_SERVICE: 29,
      LIVE_FORM: 30,
      UNSPECIFIED: 255,
    },
    DisplayOrientation: {
      UNSPECIFIED: 0,
      LANDSCAPE: 1,
      PORTRAIT: 2,
      FOLLOW_RECENT: 3,
      LANDSCAPE_INVERTED: 4,
      PORTRAIT_INVERTED: 5,
      AUTO_ROTATION: 6,
      AUTO_ROTATION_LANDSCAPE: 7,
      AUTO_ROTATION_PORTRAIT: 8,
      AUTO_ROTATION_RESTRICTED: 9,
      AUTO_ROTATION_LANDSCAPE_RESTRICTED: 10,
      AUTO_ROTATION_PORTRAIT_RESTRICTED: 11,
      LOCKED: 12,
      AUTO_ROTATION_UNSPECIFIED: 13,
      FOLLOW_DESKTOP: 14,
    },
  }).map(([name, values]) => [name, provide(`bundleManager.${name}`, values)]),
)

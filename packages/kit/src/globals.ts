import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers'

import type { AbilityContext } from './ability/ability-context.ts'
import { type ConcurrentFunctions, concurrentGlobal } from './arkts/taskpool/concurrent-functions.ts'
import { arkuiGlobals } from './arkui-globals.ts'
import { logConsole } from './hilog/console.ts'
import type { Resources } from './localization/resources.ts'
import { functionParameter, textParameter } from './parameters.ts'
import type { LogLine } from './runtime.ts'

/** System capabilities that the kits here really have. */
const capabilities: ReadonlySet<string> = new Set([
  'SystemCapability.Ability.AbilityBase',
  'SystemCapability.Ability.AbilityRuntime.AbilityCore',
  'SystemCapability.Ability.AbilityRuntime.Core',
  'SystemCapability.BundleManager.BundleFramework.Core',
  'SystemCapability.BundleManager.Zlib',
  'SystemCapability.Communication.IPC.Core',
  'SystemCapability.Communication.NetManager.Core',
  'SystemCapability.Communication.NetManager.Vpn',
  'SystemCapability.Communication.NetStack',
  'SystemCapability.DistributedDataManager.Preferences.Core',
  'SystemCapability.DistributedDataManager.RelationalStore.Core',
  'SystemCapability.FileManagement.AppFileService',
  'SystemCapability.FileManagement.File.FileIO',
  'SystemCapability.Global.I18n',
  'SystemCapability.Global.ResourceManager',
  'SystemCapability.HiviewDFX.HiAppEvent',
  'SystemCapability.HiviewDFX.HiLog',
  'SystemCapability.HiviewDFX.HiProfiler.HiDebug',
  'SystemCapability.HiviewDFX.HiTrace',
  'SystemCapability.MiscServices.Download',
  'SystemCapability.MiscServices.Time',
  'SystemCapability.Notification.CommonEvent',
  'SystemCapability.Notification.Emitter',
  'SystemCapability.Notification.Notification',
  'SystemCapability.PowerManager.BatteryManager.Core',
  'SystemCapability.Security.AccessToken',
  'SystemCapability.Security.Asset',
  'SystemCapability.Security.CryptoFramework.Cipher',
  'SystemCapability.Security.CryptoFramework.Kdf',
  'SystemCapability.Security.CryptoFramework.Key.AsymKey',
  'SystemCapability.Security.CryptoFramework.Key.SymKey',
  'SystemCapability.Security.CryptoFramework.KeyAgreement',
  'SystemCapability.Security.CryptoFramework.Mac',
  'SystemCapability.Security.CryptoFramework.MessageDigest',
  'SystemCapability.Security.CryptoFramework.Rand',
  'SystemCapability.Security.CryptoFramework.Signature',
  'SystemCapability.Security.Huks.Core',
  'SystemCapability.Security.Huks.Extension',
  'SystemCapability.Startup.SystemInfo',
  'SystemCapability.Utils.Lang',
])

/**
 * Sets the globals that ArkTS has and node lacks or has otherwise: `console` that goes to the log, timers that are
 * numbers, `getContext()`, `canIUse()`, and `$r` and `$rawfile`, which a compiler on the device replaces.
 *
 * @param target usually `globalThis`; code of our own must not rely on its timers afterwards
 * @returns what puts the former globals back
 */
export function installGlobals(
  target: object,
  parts: {
    context: AbilityContext | undefined
    log: (line: LogLine) => void
    /** Absent in a thread without an ability, where `$r` has nothing to name. */
    resources: Resources | undefined
    concurrent: ConcurrentFunctions
  },
): Disposable {
  const globals: Record<string, unknown> = {
    console: logConsole(parts.log),
    // node keeps a timer findable by its number once it was converted to one.
    setTimeout: (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]): number =>
      Number(setTimeout(callback, delay, ...args)),
    setInterval: (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]): number =>
      Number(setInterval(callback, delay, ...args)),
    clearTimeout: (id?: number): void => clearTimeout(id),
    clearInterval: (id?: number): void => clearInterval(id),
    getContext: (): AbilityContext | undefined => parts.context,
    ...resourceGlobals(parts.context, parts.resources),
    ...arkuiGlobals(),
    [concurrentGlobal]: (func: unknown): void => parts.concurrent.add(functionParameter(func, 'func')),
    canIUse: (name: unknown): boolean => typeof name === 'string' && capabilities.has(name),
  }
  const former = new Map<string, PropertyDescriptor | undefined>()
  for (const [name, value] of Object.entries(globals)) {
    former.set(name, Object.getOwnPropertyDescriptor(target, name))
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true })
  }
  return {
    [Symbol.dispose]() {
      for (const [name, descriptor] of former) {
        if (descriptor === undefined) Reflect.deleteProperty(target, name)
        else Object.defineProperty(target, name, descriptor)
      }
    },
  }
}

/** `$r('app.string.name', …)` and `$rawfile('path')`, of the module that runs. */
function resourceGlobals(
  context: AbilityContext | undefined,
  resources: Resources | undefined,
): Record<string, unknown> {
  if (context === undefined || resources === undefined) return {}
  const module = context.currentHapModuleInfo.name
  return {
    $r: (name: unknown, ...params: unknown[]) =>
      resources.reference(module, textParameter(name, 'name'), params),
    $rawfile: (path: unknown) => resources.rawFile(module, textParameter(path, 'path')),
  }
}

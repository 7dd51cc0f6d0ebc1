import { utilNamespace } from './arkts/util.ts'
import type { AbilityState } from './ability/ability-state.ts'
import { VpnExtensionContext } from './ability/extension-context.ts'
import { makeFolders } from './ability/folders.ts'
import { type ExtensionAbilityClass, vpnExtensionAbility } from './ability/vpn-extension-ability.ts'
import { fileIoNamespace } from './file/file-io.ts'
import { installGlobals } from './globals.ts'
import { hilogNamespace } from './hilog/hilog.ts'
import { Tunnels } from './network/tunnels.ts'
import { vpnExtensionNamespace } from './network/vpn-extension.ts'
import { provide, provideModule } from './provided.ts'
import type { KitRuntime } from './runtime.ts'
import { socketNamespace } from './socket/socket-namespace.ts'

/** The kits of one process. */
export interface Kits extends Disposable {
  /** Names that {@link Kits.load} knows, sorted. */
  readonly names: readonly string[]
  /** What the ability gets as `this.context`; undefined in a thread without an ability. */
  readonly context: VpnExtensionContext | undefined
  /** The class that every extension's class extends. */
  readonly baseClass: ExtensionAbilityClass
  /** The module behind `@kit.X`, `@ohos.x` or `@ohos:x`: the same object each time; undefined for an unknown name. */
  load(name: string): object | undefined
  /** Makes the folders that the context names. @throws node's error when the data folder is not writable */
  makeFolders(): void
  /** Sets `console`, timers, `getContext` and `canIUse` as ArkTS has them. @returns what undoes it */
  installGlobals(target: object): Disposable
  /**
   * The service has ended a tunnel: its descriptor is closed once the extension destroys it or creates another.
   *
   * @param reason goes to the extension's log, as the API has no event for it
   */
  tunnelGone(vpnId: string, reason: string): void
  /** `onDestroy` is over: starting and stopping abilities fails 16200001 from now on. */
  abilityDestroyed(): void
}

/**
 * Makes everything that extension code can import, for one process.
 *
 * @param runtime the process and its service
 * @returns the kits; disposing them closes the descriptors of all tunnels
 */
export function createKits(runtime: KitRuntime): Kits {
  const log = runtime.log.bind(runtime)
  const context =
    runtime.ability === undefined ? undefined : new VpnExtensionContext(runtime.ability, runtime)
  let state: AbilityState = context === undefined ? 'absent' : 'alive'
  const tunnels = new Tunnels(runtime.service)
  const baseClass = vpnExtensionAbility(context)

  const vpnExtension = vpnExtensionNamespace(runtime.service, tunnels, () => state)
  const socket = socketNamespace()
  const hilog = hilogNamespace(log)
  const fileIo = fileIoNamespace((fd) => tunnels.closeDescriptor(fd))
  const util = utilNamespace()
  // Only types live in these; they exist so that an import which a compiler did not remove is no error.
  const common = provide('common', {})
  const Want = provide('Want', {})

  const members: Readonly<Record<string, object>> = {
    '@kit.NetworkKit': { vpnExtension, VpnExtensionAbility: baseClass, socket },
    '@ohos.net.vpnExtension': { default: vpnExtension },
    '@ohos.app.ability.VpnExtensionAbility': { default: baseClass },
    '@ohos.net.socket': { default: socket },
    '@kit.AbilityKit': { common, Want },
    '@ohos.app.ability.common': { default: common },
    '@ohos.app.ability.Want': { default: Want },
    '@kit.BasicServicesKit': {},
    '@ohos.base': {},
    '@kit.PerformanceAnalysisKit': { hilog },
    '@ohos.hilog': { default: hilog },
    '@kit.CoreFileKit': { fileIo },
    '@ohos.file.fs': { default: fileIo },
    '@kit.ArkTS': { util },
    '@ohos.util': { default: util },
  }
  const modules = new Map(Object.entries(members).map(([name, all]) => [name, provideModule(name, all)]))

  return {
    names: [...modules.keys()].toSorted(),
    context,
    baseClass,
    load: (name) => modules.get(name.replace(/^@ohos:/, '@ohos.')),
    makeFolders() {
      if (context !== undefined) makeFolders(context.getApplicationContext(), context)
    },
    installGlobals: (target) => installGlobals(target, { context, log }),
    tunnelGone(vpnId, reason) {
      tunnels.gone(vpnId)
      log({ level: 'warn', domain: 0, tag: 'vpnext', message: `the VPN has ended: ${reason}` })
    },
    abilityDestroyed() {
      state = 'destroyed'
    },
    [Symbol.dispose]: () => tunnels[Symbol.dispose](),
  }
}

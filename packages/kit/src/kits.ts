import type { AbilityState } from './ability/ability-state.ts'
import { sharedContext } from './ability/context-parts.ts'
import { VpnExtensionContext } from './ability/extension-context.ts'
import { makeFolders } from './ability/folders.ts'
import { type ExtensionAbilityClass, vpnExtensionAbility } from './ability/vpn-extension-ability.ts'
import { CommonEvents } from './events/common-event-manager.ts'
import type { EventDelivery, EventResult } from './events/event-calls.ts'
import { installGlobals } from './globals.ts'
import { hilogNamespace } from './hilog/hilog.ts'
import { ProcessNet } from './network/process-net.ts'
import { systemCalls } from './network/system-calls.ts'
import { Tunnels } from './network/tunnels.ts'
import { vpnExtensionNamespace } from './network/vpn-extension.ts'
import { Observers } from './network/vpn-observer.ts'
import { Owned } from './owned.ts'
import { provideModule } from './provided.ts'
import type { KitRuntime } from './runtime.ts'
import { socketNamespace } from './socket/socket-namespace.ts'
import { standardModules } from './standard-modules.ts'

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
  /** Sets `console`, timers, `getContext`, `canIUse`, `$r` and `$rawfile` as ArkTS has them. @returns what undoes it */
  installGlobals(target: object): Disposable
  /**
   * The service has ended a tunnel: its descriptor is closed once the extension destroys it or creates another.
   *
   * @param reason goes to the extension's log, as the API has no event for it
   */
  tunnelGone(vpnId: string, reason: string): void
  /** A common event has come for a subscriber. @returns what becomes of an ordered one, once the subscriber has finished */
  deliverEvent(delivery: EventDelivery): Promise<EventResult>
  /** The user has answered a question for consent about the bundle: every observer hears of it. */
  authorizationResult(allowed: boolean): void
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
  const { ability } = runtime
  const shared = ability === undefined ? undefined : sharedContext(ability, runtime)
  const context =
    ability === undefined || shared === undefined ? undefined : new VpnExtensionContext(ability, shared.parts)
  let state: AbilityState = context === undefined ? 'absent' : 'alive'
  const owned = new Owned()
  const tunnels = new Tunnels(runtime.service)
  owned.add(tunnels)
  const baseClass = vpnExtensionAbility(context)

  const { service } = runtime
  const processNet = new ProcessNet(service, tunnels, log)
  const observers = new Observers()
  const system = systemCalls(service, ability, log)
  const vpnExtension = vpnExtensionNamespace({
    service,
    tunnels,
    processNet,
    observers,
    system,
    state: () => state,
  })
  const socket = socketNamespace((fd) => processNet.admit(fd))
  const hilog = hilogNamespace(log)
  const events = new CommonEvents(service)
  const closeTunnel = (fd: number): boolean => tunnels.closeDescriptor(fd)

  const members: Record<string, Record<string, unknown>> = {
    '@kit.NetworkKit': { vpnExtension, VpnExtensionAbility: baseClass, socket },
    '@ohos.net.vpnExtension': { default: vpnExtension },
    '@ohos.app.ability.VpnExtensionAbility': { default: baseClass },
    '@ohos.net.socket': { default: socket },
    '@ohos.base': {},
    '@kit.PerformanceAnalysisKit': { hilog },
    '@ohos.hilog': { default: hilog },
  }
  for (const { kit, name, module, namespace } of standardModules({ runtime, events, owned, closeTunnel })) {
    members[kit] = addLazily(members[kit] ?? {}, name, namespace)
    members[module] = addLazily({}, 'default', namespace)
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
    installGlobals: (target) => installGlobals(target, { context, log, resources: shared?.resources }),
    tunnelGone(vpnId, reason) {
      tunnels.gone(vpnId)
      log({ level: 'warn', domain: 0, tag: 'vpnext', message: `the VPN has ended: ${reason}` })
    },
    deliverEvent: (delivery) => events.deliver(delivery),
    authorizationResult: (allowed) => observers.tell(allowed),
    abilityDestroyed() {
      state = 'destroyed'
    },
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  }
}

/** A member that is made when somebody first asks for it. */
function addLazily(
  members: Record<string, unknown>,
  name: string,
  make: () => object,
): Record<string, unknown> {
  return Object.defineProperty(members, name, { get: make, enumerable: true, configurable: true })
}

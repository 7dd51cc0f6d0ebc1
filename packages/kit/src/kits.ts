import type { AbilityState } from './ability/ability-state.ts'
import type { PageEvent } from './ability/application-events.ts'
import { sharedContext } from './ability/context-parts.ts'
import { AbilityConnections } from './ability/ability-connections.ts'
import { VpnExtensionContext } from './ability/extension-context.ts'
import { makeCodeFolder, makeFolders } from './ability/folders.ts'
import { type StageClass, abilityStage } from './ability/ability-stage.ts'
import { type PageAbilityClass, uiAbility } from './ability/ui-ability.ts'
import { UIAbilityContext } from './ability/ui-ability-context.ts'
import { type ExtensionAbilityClass, vpnExtensionAbility } from './ability/vpn-extension-ability.ts'
import { windowStage } from './ability/window-stage.ts'
import { ConcurrentFunctions } from './arkts/taskpool/concurrent-functions.ts'
import { TaskPool } from './arkts/taskpool/pool.ts'
import { serveTasks } from './arkts/taskpool/task-thread.ts'
import { AppNet } from './connection/app-net.ts'
import { CommonEvents } from './events/common-event-manager.ts'
import type { EventDelivery, EventResult } from './events/event-calls.ts'
import { installGlobals } from './globals.ts'
import type { IncomingRequest } from './ipc/ipc-calls.ts'
import { type Message, ObjectTable } from './ipc/object-table.ts'
import { RemoteObject } from './ipc/remote-object.ts'
import { mockPackage } from './hypium/mock-package.ts'
import { type TestHarness, testHarness } from './hypium/test-harness.ts'
import type { Fd } from '@vpnext/native'
import { hilogNamespace } from './hilog/hilog.ts'
import { legacyModules } from './legacy-modules.ts'
import { ProcessNet } from './network/process-net.ts'
import { systemCalls } from './network/system-calls.ts'
import { Tunnels } from './network/tunnels.ts'
import { vpnExtensionNamespace } from './network/vpn-extension.ts'
import { Observers } from './network/vpn-observer.ts'
import { Owned } from './owned.ts'
import { permitOf } from './permissions.ts'
import { provideModule } from './provided.ts'
import type { KitRuntime } from './runtime.ts'
import { socketNamespace } from './socket/socket-namespace.ts'
import { standardModules } from './standard-modules.ts'

/** The kits of one process. */
export interface Kits extends Disposable {
  /** Names that {@link Kits.load} knows, sorted. */
  readonly names: readonly string[]
  /** What an extension gets as `this.context`; undefined in a thread without an ability, and in a page's process. */
  readonly context: VpnExtensionContext | undefined
  /** What a page gets as `this.context`; undefined in any other process. */
  readonly pageContext: UIAbilityContext | undefined
  /** The class that every page's class extends. */
  readonly pageClass: PageAbilityClass
  /** The class that every AbilityStage extends. */
  readonly stageClass: StageClass
  /** What runs suites of tests; undefined in any other process. */
  readonly tests: TestHarness | undefined
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
  /** Listeners of the application's context hear what becomes of the page. @param rest the page, and what the event is about */
  pageEvent(event: PageEvent, ...rest: readonly unknown[]): void
  /** What a page gets in `onWindowStageCreate`. */
  windowStage(): object
  /** The remote object that an `onConnect` has returned; undefined when that is something else. */
  remoteOf(value: unknown): { id: number; descriptor: string } | undefined
  /**
   * A request to a remote object of this process.
   *
   * @param fds given away
   * @throws BusinessError 1900008
   */
  handleRequest(request: IncomingRequest, fds: readonly Fd[]): Promise<Message & { result: number }>
  /** A remote object of another process has gone. */
  remoteDied(node: number): void
  /** A connected extension has ended. */
  connectionLost(connection: number): void
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
  const { service } = runtime
  const objects = new ObjectTable(service, runtime.uid)
  const connections = new AbilityConnections(service, objects)
  const kind = ability?.kind ?? 'extension'
  const { context, pageContext } = contexts()
  let state: AbilityState = ability === undefined ? 'absent' : 'alive'
  const owned = new Owned()
  const tunnels = new Tunnels(runtime.service)
  owned.add(tunnels)
  const baseClass = vpnExtensionAbility(context)
  const pageClass = uiAbility(pageContext)
  const stageClass = abilityStage(context ?? pageContext)
  const warn = (message: string): void => log({ level: 'warn', domain: 0, tag: 'vpnext', message })
  const tests =
    kind !== 'test' || ability === undefined || pageContext === undefined
      ? undefined
      : testHarness({
          ability,
          service,
          context: () => pageContext.getApplicationContext(),
          log,
          flushLog: runtime.flushLog ?? (() => Promise.resolve()),
        })

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
  const appNet = new AppNet()
  const concurrent = new ConcurrentFunctions()
  const pool = new TaskPool(concurrent, runtime.script)
  owned.add(pool)
  if (runtime.thread?.role.kind === 'tasks') serveTasks(runtime.thread.port, concurrent)
  const permit = permitOf(ability)
  const admit = async (fd: number): Promise<void> => {
    appNet.admit(fd)
    await processNet.admit(fd)
  }
  const socket = socketNamespace(admit, permit)
  const hilog = hilogNamespace(log)
  const events = new CommonEvents(service)
  const closeTunnel = (fd: number): boolean => tunnels.closeDescriptor(fd)

  const members: Record<string, Record<string, unknown>> = {
    '@kit.NetworkKit': { vpnExtension, VpnExtensionAbility: baseClass, socket },
    '@ohos.net.vpnExtension': { default: vpnExtension },
    '@ohos.app.ability.VpnExtensionAbility': { default: baseClass },
    '@kit.AbilityKit': { AbilityStage: stageClass },
    '@ohos.app.ability.AbilityStage': { default: stageClass },
    '@ohos.net.socket': { default: socket },
    '@ohos.base': {},
    '@kit.PerformanceAnalysisKit': { hilog },
    '@ohos.hilog': { default: hilog },
  }
  const parts = {
    runtime,
    events,
    owned,
    appNet,
    closeTunnel,
    objects,
    pageClass,
    tests,
    concurrent,
    pool,
    admit,
    permit,
  }
  for (const { kit, name, module, namespace } of standardModules(parts)) {
    members[kit] = addLazily(members[kit] ?? {}, name, namespace)
    members[module] = addLazily({}, 'default', namespace)
  }
  const legacy = legacyModules((module) => Reflect.get(members[`@ohos.${module}`] ?? {}, 'default'))
  for (const [module, namespace] of legacy) members[`@ohos.${module}`] = addLazily({}, 'default', namespace)
  members['@ohos/hypium'] = tests?.members ?? {}
  members['@ohos/hamock'] = { ...mockPackage }
  const modules = new Map(Object.entries(members).map(([name, all]) => [name, provideModule(name, all)]))

  return {
    names: [...modules.keys()].toSorted(),
    context,
    pageContext,
    baseClass,
    pageClass,
    stageClass,
    tests,
    load: (name) => modules.get(name.replace(/^@ohos:/, '@ohos.')),
    makeFolders() {
      const own = context ?? pageContext
      if (own !== undefined) makeFolders(own.getApplicationContext(), own)
      makeCodeFolder(runtime)
    },
    installGlobals: (target) =>
      installGlobals(target, {
        context: context ?? pageContext,
        log,
        resources: shared?.resources,
        concurrent,
      }),
    pageEvent: (event, ...rest) => shared?.events.tell(event, ...rest),
    windowStage: () => windowStage(warn),
    remoteOf: (value) =>
      value instanceof RemoteObject
        ? { id: objects.register(value), descriptor: value.getDescriptor() }
        : undefined,
    handleRequest: (request, fds) => objects.handle(request, fds),
    remoteDied: (node) => objects.died(node),
    connectionLost: (connection) => connections.lost(connection),
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

  function contexts(): {
    context: VpnExtensionContext | undefined
    pageContext: UIAbilityContext | undefined
  } {
    if (ability === undefined || shared === undefined) return { context: undefined, pageContext: undefined }
    if (kind === 'extension')
      return { context: new VpnExtensionContext(ability, shared.parts, connections), pageContext: undefined }
    return {
      context: undefined,
      pageContext: new UIAbilityContext(ability, shared.parts, connections, service),
    }
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

import { checkWant } from '@vpnext/api'

import { bundleManagerNamespace } from './ability/bundle-manager.ts'
import { applicationInfo } from './ability/application-info.ts'
import { moreContextConstants } from './ability/ability-constants.ts'
import { readManifest } from './ability/bundle-manifest.ts'
import { areaMode } from './ability/context.ts'
import { sendWant } from './ability/send-want.ts'
import { wantAgentNamespace } from './ability/want-agent.ts'
import { type PageAbilityClass, abilityConstant, configurationConstant } from './ability/ui-ability.ts'
import { bufferNamespace } from './arkts/buffer.ts'
import { jsonNamespace } from './arkts/json.ts'
import { processNamespace } from './arkts/process.ts'
import { urlNamespace } from './arkts/url.ts'
import { utilNamespace } from './arkts/util.ts'
import { deviceInfoNamespace } from './basic/device-info.ts'
import { emitterNamespace } from './basic/emitter.ts'
import { systemDateTimeNamespace } from './basic/system-date-time.ts'
import type { ConcurrentFunctions } from './arkts/taskpool/concurrent-functions.ts'
import type { TaskPool } from './arkts/taskpool/pool.ts'
import type { AppNet } from './connection/app-net.ts'
import { connectionNamespace } from './connection/connection-namespace.ts'
import { statisticsNamespace } from './connection/statistics.ts'
import { type CommonEvents, commonEventManagerNamespace } from './events/common-event-manager.ts'
import { exitNow } from './exit-process.ts'
import { fileIoNamespace } from './file/file-io.ts'
import { FileWatches } from './file/file-watcher.ts'
import { httpNamespace } from './http/http-namespace.ts'
import { noDelegator } from './hypium/ability-delegator.ts'
import type { TestHarness } from './hypium/test-harness.ts'
import type { ObjectTable } from './ipc/object-table.ts'
import { rpcNamespace } from './ipc/rpc-namespace.ts'
import { i18nNamespace } from './localization/i18n.ts'
import { resourceManagerNamespace } from './localization/resource-manager-namespace.ts'
import { notificationManagerNamespace } from './notification/notification-manager.ts'
import { moreModules } from './more-modules.ts'
import type { Owned } from './owned.ts'
import type { Permit } from './permissions.ts'
import { preferencesNamespace } from './preferences/preferences-namespace.ts'
import { provide } from './provided.ts'
import type { KitRuntime } from './runtime.ts'
import { type StandardModule, standardModule as of } from './standard-module.ts'
import { requestNamespace } from './request/request-namespace.ts'
import { webSocketNamespace } from './web-socket/web-socket-namespace.ts'

/** What the namespaces of a process share. */
export interface StandardParts {
  readonly runtime: KitRuntime
  readonly events: CommonEvents
  /** Takes what they hold open. */
  readonly owned: Owned
  readonly appNet: AppNet
  /** Closes a descriptor if it is a tunnel's, and says so. */
  readonly closeTunnel: (fd: number) => boolean
  readonly objects: ObjectTable
  readonly pageClass: PageAbilityClass
  readonly concurrent: ConcurrentFunctions
  readonly pool: TaskPool
  /** Called with the descriptor of each new client socket, before anything leaves by it. */
  readonly admit: (fd: number) => Promise<void>
  readonly permit: Permit
  /** Undefined where no tests run. */
  readonly tests: TestHarness | undefined
}

/** Everything besides the VPN itself, its sockets and the log. */
export function standardModules({
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
}: StandardParts): StandardModule[] {
  const watches = new FileWatches()
  owned.add(watches)
  const { ability, dataFolder, bundleFolder, uid } = runtime
  const manifest = (): ReturnType<typeof readManifest> => readManifest(bundleFolder)
  const appInfo = ability === undefined ? undefined : applicationInfo(ability, { bundleFolder, uid })
  const wantAgent = wantAgentNamespace({
    bundleName: ability?.bundleName ?? '',
    uid,
    // A copy: an agent may be triggered again.
    startAbility: (want) => sendWant(checkWant(want), (sent, fds) => runtime.service.startAbility(sent, fds)),
    publish: (event, parameters) =>
      events.publish({
        event,
        subscriberPermissions: [],
        ordered: false,
        sticky: false,
        ...(parameters !== undefined && { parameters }),
      }),
  })
  const contextConstant = provide('contextConstant', {
    AreaMode: provide('contextConstant.AreaMode', areaMode),
    ...moreContextConstants,
  })
  // Only types live in these; they exist so that an import which a compiler did not remove is no error.
  const types = [
    'common',
    'Want',
    'Configuration',
    'AbilityLifecycleCallback',
    'ApplicationStateChangeCallback',
    'EnvironmentCallback',
  ]
  const logError = (message: string): void =>
    runtime.log({ level: 'error', domain: 0, tag: 'vpnext', message })
  return [
    ...moreModules(runtime, { owned, concurrent, pool }),
    of('AbilityKit', 'AbilityConstant', 'app.ability.AbilityConstant', () =>
      constants('AbilityConstant', abilityConstant),
    ),
    of('AbilityKit', 'ConfigurationConstant', 'app.ability.ConfigurationConstant', () =>
      constants('ConfigurationConstant', configurationConstant),
    ),
    of('AbilityKit', 'UIAbility', 'app.ability.UIAbility', () => pageClass),
    of('IPCKit', 'rpc', 'rpc', () => rpcNamespace(objects, logError)),
    of('TestKit', 'abilityDelegatorRegistry', 'app.ability.abilityDelegatorRegistry', () =>
      tests === undefined ? noDelegator() : tests.registry,
    ),
    ...types.map((name) => of('AbilityKit', name, `app.ability.${name}`, () => provide(name, {}))),
    of('AbilityKit', 'contextConstant', 'app.ability.contextConstant', () => contextConstant),
    of('AbilityKit', 'bundleManager', 'bundle.bundleManager', () =>
      bundleManagerNamespace(manifest, bundleFolder, appInfo),
    ),
    of('AbilityKit', 'wantAgent', 'app.ability.wantAgent', () => wantAgent),
    of('ArkData', 'preferences', 'data.preferences', () => preferencesNamespace(watches)),
    of('ArkTS', 'JSON', 'util.json', () => jsonNamespace()),
    of('ArkTS', 'buffer', 'buffer', () => bufferNamespace()),
    of('ArkTS', 'process', 'process', () => processNamespace(exitNow)),
    of('ArkTS', 'url', 'url', () => urlNamespace()),
    of('ArkTS', 'util', 'util', () => utilNamespace()),
    of('BasicServicesKit', 'commonEventManager', 'commonEventManager', () =>
      commonEventManagerNamespace(events),
    ),
    of('BasicServicesKit', 'deviceInfo', 'deviceInfo', () => deviceInfoNamespace(dataFolder)),
    of('BasicServicesKit', 'emitter', 'events.emitter', () => emitterNamespace(owned)),
    of('BasicServicesKit', 'systemDateTime', 'systemDateTime', () => systemDateTimeNamespace()),
    of('CoreFileKit', 'fileIo', 'file.fs', () => fileIoNamespace(closeTunnel, watches)),
    of('LocalizationKit', 'i18n', 'i18n', () => i18nNamespace()),
    of('LocalizationKit', 'resourceManager', 'resourceManager', () => resourceManagerNamespace()),
    of('NetworkKit', 'connection', 'net.connection', () => connectionNamespace(owned, appNet, permit)),
    of('BasicServicesKit', 'request', 'request', () => requestNamespace({ admit, permit })),
    of('NetworkKit', 'http', 'net.http', () => httpNamespace({ admit, permit })),
    of('NetworkKit', 'webSocket', 'net.webSocket', () => webSocketNamespace({ admit, permit })),
    of('NetworkKit', 'statistics', 'net.statistics', () =>
      statisticsNamespace({ uid, count: () => runtime.service.countTraffic() }),
    ),
    of('NotificationKit', 'notificationManager', 'notificationManager', () =>
      notificationManagerNamespace((line) => runtime.log(line)),
    ),
  ]
}

/** A namespace of enumerations. */
function constants(name: string, all: Readonly<Record<string, object>>): object {
  const members = Object.entries(all).map(([key, value]) => [key, provide(`${name}.${key}`, value)] as const)
  return provide(name, Object.fromEntries(members))
}

import { wantConstantNamespace } from './ability/ability-constants.ts'
import { accessControlNamespace } from './ability/access-control.ts'
import { errorManagerNamespace } from './ability/error-manager.ts'
import { Deque, Queue, Stack } from './arkts/containers/ends.ts'
import { ArrayList, LinkedList, List, Vector } from './arkts/containers/lists.ts'
import { HashMap, LightWeightMap, PlainArray, TreeMap } from './arkts/containers/maps.ts'
import { HashSet, LightWeightSet, TreeSet } from './arkts/containers/sets.ts'
import { arkTSUtilsNamespace } from './arkts/sendable/arkts-utils-namespace.ts'
import { collectionsNamespace } from './arkts/sendable/collections-namespace.ts'
import { streamNamespace } from './arkts/stream/stream-namespace.ts'
import { taskPoolNamespace } from './arkts/taskpool/task-pool.ts'
import { WorkerPort } from './arkts/threads/worker-port.ts'
import { workerNamespace } from './arkts/threads/worker-namespace.ts'
import { URI } from './arkts/uri.ts'
import { convertXmlNamespace, xmlNamespace } from './arkts/xml/xml-namespaces.ts'
import { assetNamespace } from './asset/asset-namespace.ts'
import { backgroundTasksNamespace } from './basic/background-tasks.ts'
import { batteryInfoNamespace } from './basic/battery-info.ts'
import { cryptoNamespace } from './crypto/crypto-namespace.ts'
import { huksNamespace } from './huks/huks-namespace.ts'
import { fileUriNamespace } from './file/file-uri.ts'
import { statfsNamespace } from './file/free-space.ts'
import { hashNamespace } from './file/hash-namespace.ts'
import { intlNamespace } from './localization/intl.ts'
import { hiAppEventNamespace } from './performance/hi-app-event.ts'
import { hiTraceMeterNamespace } from './performance/hi-trace-meter.ts'
import { hidebugNamespace } from './performance/hidebug.ts'
import type { StandardParts } from './standard-modules.ts'
import { provide } from './provided.ts'
import { relationalStoreNamespace } from './relational-store/relational-store-namespace.ts'
import type { KitRuntime } from './runtime.ts'
import { type StandardModule, standardModule } from './standard-module.ts'
import { zlibNamespace } from './zlib/zlib-namespace.ts'

const containers: Readonly<Record<string, object>> = {
  ArrayList,
  Deque,
  HashMap,
  HashSet,
  LightWeightMap,
  LightWeightSet,
  LinkedList,
  List,
  PlainArray,
  Queue,
  Stack,
  TreeMap,
  TreeSet,
  Vector,
}

/** Modules that need nothing of the VPN: constants, containers, small tools. */
export function moreModules(
  runtime: KitRuntime,
  { owned, concurrent, pool }: Pick<StandardParts, 'owned' | 'concurrent' | 'pool'>,
): StandardModule[] {
  const { ability } = runtime
  return [
    standardModule('AbilityKit', 'abilityAccessCtrl', 'abilityAccessCtrl', () =>
      accessControlNamespace(ability?.permissions ?? []),
    ),
    standardModule('AbilityKit', 'errorManager', 'app.ability.errorManager', () =>
      errorManagerNamespace(owned),
    ),
    standardModule('AbilityKit', 'wantConstant', 'app.ability.wantConstant', () => wantConstantNamespace()),
    ...Object.entries(containers).map(([name, Container]) =>
      standardModule('ArkTS', name, `util.${name}`, () => Container),
    ),
    standardModule('ArkTS', 'ArkTSUtils', '@arkts.utils', () => arkTSUtilsNamespace()),
    standardModule('ArkTS', 'collections', '@arkts.collections', () => collectionsNamespace()),
    standardModule('ArkTS', 'lang', '@arkts.lang', () => provide('lang', {})),
    standardModule('ArkTS', 'stream', 'util.stream', () => streamNamespace()),
    standardModule('ArkTS', 'taskpool', 'taskpool', () => taskPoolNamespace(concurrent, pool)),
    standardModule('ArkTS', 'worker', 'worker', () =>
      workerNamespace(runtime.bundleFolder, workerPortOf(runtime), owned),
    ),
    standardModule(
      'BackgroundTasksKit',
      'backgroundTaskManager',
      'resourceschedule.backgroundTaskManager',
      () =>
        backgroundTasksNamespace({
          isPage: (ability?.kind ?? 'extension') !== 'extension',
          permissions: ability?.permissions ?? [],
        }),
    ),
    standardModule('ArkTS', 'xml', 'xml', () => xmlNamespace()),
    standardModule('ArkTS', 'convertxml', 'convertxml', () => convertXmlNamespace()),
    standardModule('ArkTS', 'uri', 'uri', () => provide('uri', { URI })),
    standardModule('ArkData', 'relationalStore', 'data.relationalStore', () =>
      relationalStoreNamespace(owned),
    ),
    standardModule('BasicServicesKit', 'batteryInfo', 'batteryInfo', () => batteryInfoNamespace()),
    standardModule('BasicServicesKit', 'zlib', 'zlib', () => zlibNamespace()),
    standardModule('CryptoArchitectureKit', 'cryptoFramework', 'security.cryptoFramework', () =>
      cryptoNamespace(),
    ),
    standardModule('AssetStoreKit', 'asset', 'security.asset', () =>
      assetNamespace(`${runtime.dataFolder}/el2/asset/assets.json`, ability?.permissions ?? []),
    ),
    standardModule('UniversalKeystoreKit', 'huks', 'security.huks', () =>
      huksNamespace(`${runtime.dataFolder}/el2/huks/keys.json`),
    ),
    standardModule('CoreFileKit', 'fileUri', 'file.fileuri', () =>
      fileUriNamespace(ability?.bundleName ?? ''),
    ),
    standardModule('CoreFileKit', 'hash', 'file.hash', () => hashNamespace()),
    standardModule('CoreFileKit', 'statfs', 'file.statvfs', () => statfsNamespace()),
    standardModule('LocalizationKit', 'intl', 'intl', () => intlNamespace()),
    standardModule('PerformanceAnalysisKit', 'hiAppEvent', 'hiviewdfx.hiAppEvent', () =>
      hiAppEventNamespace((line) => runtime.log(line)),
    ),
    standardModule('PerformanceAnalysisKit', 'hiTraceMeter', 'hiTraceMeter', () => hiTraceMeterNamespace()),
    standardModule('PerformanceAnalysisKit', 'hidebug', 'hidebug', () => hidebugNamespace()),
  ]
}

/** The way of a worker's own code to the thread that made it. */
function workerPortOf(runtime: KitRuntime): WorkerPort | undefined {
  const { thread } = runtime
  if (thread?.role.kind !== 'worker') return undefined
  const { name, calls } = thread.role
  return new WorkerPort(name, thread.port, calls, (message) =>
    runtime.log({ level: 'error', domain: 0, tag: 'vpnext', message }),
  )
}

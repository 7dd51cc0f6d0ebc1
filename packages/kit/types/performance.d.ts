/* oxlint-disable typescript/no-duplicate-enum-values -- as HarmonyOS declares them */

declare module '@ohos.hiTraceMeter' {
  /** Nothing traces here: the calls do nothing. */
  namespace hiTraceMeter {
    enum HiTraceOutputLevel {
      DEBUG = 0,
      INFO = 1,
      CRITICAL = 2,
      COMMERCIAL = 3,
      MAX = 3,
    }
    function startTrace(name: string, taskId: number): void
    function finishTrace(name: string, taskId: number): void
    function traceByValue(name: string, count: number): void
    function startSyncTrace(level: HiTraceOutputLevel, name: string, customArgs?: string): void
    function finishSyncTrace(level: HiTraceOutputLevel): void
    function startAsyncTrace(
      level: HiTraceOutputLevel,
      name: string,
      taskId: number,
      customCategory?: string,
      customArgs?: string,
    ): void
    function finishAsyncTrace(level: HiTraceOutputLevel, name: string, taskId: number): void
    function isTraceEnabled(): boolean
  }
  export default hiTraceMeter
}

declare module '@ohos.hidebug' {
  /** Sizes are KiB, those of the native heap bytes. */
  namespace hidebug {
    interface ThreadCpuUsage {
      threadId: number
      cpuUsage: number
    }
    interface VMMemoryInfo {
      totalHeap: bigint
      heapUsed: bigint
      allArraySize: bigint
    }
    interface NativeMemInfo {
      pss: bigint
      vss: bigint
      rss: bigint
      sharedDirty: bigint
      privateDirty: bigint
      sharedClean: bigint
      privateClean: bigint
    }
    interface SystemMemInfo {
      totalMem: bigint
      freeMem: bigint
      availableMem: bigint
    }
    function getNativeHeapSize(): bigint
    function getNativeHeapAllocatedSize(): bigint
    function getNativeHeapFreeSize(): bigint
    function getPss(): bigint
    function getVss(): bigint
    function getSharedDirty(): bigint
    function getPrivateDirty(): bigint
    /** Of all processors, 0 to 1. */
    function getCpuUsage(): number
    function getSystemCpuUsage(): number
    function getAppThreadCpuUsage(): ThreadCpuUsage[]
    function getAppVMMemoryInfo(): VMMemoryInfo
    function getAppNativeMemInfo(): NativeMemInfo
    function getSystemMemInfo(): SystemMemInfo
    function isDebugState(): boolean
  }
  export default hidebug
}

declare module '@ohos.hiviewdfx.hiAppEvent' {
  import type { AsyncCallback } from '@ohos.base'

  /** What is written is a line of the log, and goes to the watchers of the process. */
  namespace hiAppEvent {
    enum EventType {
      FAULT = 1,
      STATISTIC = 2,
      SECURITY = 3,
      BEHAVIOR = 4,
    }
    namespace domain {
      const OS: string
    }
    namespace event {
      const USER_LOGIN: string
      const USER_LOGOUT: string
      const DISTRIBUTED_SERVICE_START: string
      const APP_CRASH: string
      const APP_FREEZE: string
      const APP_LAUNCH: string
      const SCROLL_JANK: string
      const CPU_USAGE_HIGH: string
      const BATTERY_USAGE: string
      const RESOURCE_OVERLIMIT: string
      const ADDRESS_SANITIZER: string
      const MAIN_THREAD_JANK: string
    }
    namespace param {
      const USER_ID: string
      const DISTRIBUTED_SERVICE_NAME: string
      const DISTRIBUTED_SERVICE_INSTANCE_ID: string
    }
    interface AppEventInfo {
      domain: string
      name: string
      eventType: EventType
      params: object
    }
    interface AppEventGroup {
      name: string
      appEventInfos: AppEventInfo[]
    }
    interface AppEventFilter {
      domain: string
      names?: string[]
      eventTypes?: EventType[]
    }
    interface TriggerCondition {
      row?: number
      /** Bytes. */
      size?: number
      /** Without effect. */
      timeOut?: number
    }
    interface AppEventPackage {
      packageId: number
      row: number
      size: number
      data: string[]
      appEventInfos: AppEventInfo[]
    }
    interface AppEventPackageHolder {
      setSize(size: number): void
      setRow(size: number): void
      takeNext(): AppEventPackage | null
    }
    interface Watcher {
      name: string
      triggerCondition?: TriggerCondition
      appEventFilters?: AppEventFilter[]
      onTrigger?: (curRow: number, curSize: number, holder: AppEventPackageHolder) => void
      onReceive?: (domain: string, appEventGroups: AppEventGroup[]) => void
    }
    interface ConfigOption {
      disable?: boolean
      maxStorage?: string
    }
    function write(info: AppEventInfo): Promise<void>
    function write(info: AppEventInfo, callback: AsyncCallback<void>): void
    function addWatcher(watcher: Watcher): AppEventPackageHolder
    function removeWatcher(watcher: Watcher): void
    function configure(config: ConfigOption): void
    function clearData(): void
    function setUserId(name: string, value: string): void
    function getUserId(name: string): string
    function setUserProperty(name: string, value: string): void
    function getUserProperty(name: string): string
  }
  export default hiAppEvent
}

declare module '@kit.PerformanceAnalysisKit' {
  import hiTraceMeter from '@ohos.hiTraceMeter'
  import hidebug from '@ohos.hidebug'
  import hiAppEvent from '@ohos.hiviewdfx.hiAppEvent'
  export { hiAppEvent, hiTraceMeter, hidebug }
}

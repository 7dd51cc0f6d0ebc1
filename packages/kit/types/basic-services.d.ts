/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.events.emitter' {
  import type { Callback } from '@ohos.base'

  /** Events inside one process. Listeners are called after `emit` has returned. */
  namespace emitter {
    enum EventPriority {
      IMMEDIATE = 0,
      HIGH = 1,
      LOW = 2,
      IDLE = 3,
    }
    interface EventData {
      data?: { [key: string]: any }
    }
    interface InnerEvent {
      eventId: number
      /** LOW when absent. */
      priority?: EventPriority
    }
    interface Options {
      priority?: EventPriority
    }
    function on(event: InnerEvent | string, callback: Callback<EventData>): void
    function once(event: InnerEvent | string, callback: Callback<EventData>): void
    function off(eventId: InnerEvent | number | string, callback?: Callback<EventData>): void
    function emit(event: InnerEvent, data?: EventData): void
    function emit(eventId: string, data?: EventData): void
    function emit(eventId: string, options: Options, data?: EventData): void
    function getListenerCount(eventId: number | string): number
    /** Events that only those hear who have it. */
    class Emitter {
      on(event: InnerEvent | string, callback: Callback<EventData>): void
      once(event: InnerEvent | string, callback: Callback<EventData>): void
      off(eventId: InnerEvent | number | string, callback?: Callback<EventData>): void
      emit(event: InnerEvent, data?: EventData): void
      emit(eventId: string, data?: EventData): void
      emit(eventId: string, options: Options, data?: EventData): void
      getListenerCount(eventId: number | string): number
    }
  }
  export default emitter
}

declare module '@ohos.deviceInfo' {
  /** A Linux machine, as what it is. */
  namespace deviceInfo {
    const deviceType: string
    const manufacture: string
    const brand: string
    const marketName: string
    const productSeries: string
    const productModel: string
    const productModelAlias: string
    const softwareModel: string
    const hardwareModel: string
    const hardwareProfile: string
    const bootloaderVersion: string
    const abiList: string
    /** Empty, as for an application without the permission. */
    const serial: string
    const udid: string
    const diskSN: string
    const securityPatchTag: string
    const displayVersion: string
    const incrementalVersion: string
    const osReleaseType: string
    const osFullName: string
    const majorVersion: number
    const seniorVersion: number
    const featureVersion: number
    const buildVersion: number
    const sdkApiVersion: number
    const sdkMinorApiVersion: number
    const sdkPatchApiVersion: number
    const firstApiVersion: number
    const versionId: string
    const buildType: string
    const buildUser: string
    const buildHost: string
    const buildTime: string
    const buildRootHash: string
    const distributionOSName: string
    const distributionOSVersion: string
    const distributionOSApiVersion: number
    const distributionOSApiName: string
    const distributionOSReleaseType: string
    /** -1: unknown. */
    const bootCount: number
    const chipType: string
    const deviceColor: string
    /** A number: an API version; `'26.0.0'`: one from 26 on. False for versions of a distribution, such as `'5.0.1'`. */
    function apiAvailable(version: string | number): boolean
    const performanceClass: PerformanceClassLevel
    enum PerformanceClassLevel {
      CLASS_LEVEL_HIGH = 0,
      CLASS_LEVEL_MEDIUM = 1,
      CLASS_LEVEL_LOW = 2,
    }
    enum DeviceTypes {
      TYPE_DEFAULT = 'default',
      TYPE_PHONE = 'phone',
      TYPE_TABLET = 'tablet',
      TYPE_2IN1 = '2in1',
      TYPE_TV = 'tv',
      TYPE_WEARABLE = 'wearable',
      TYPE_CAR = 'car',
    }
    /** The same until the bundle's data is removed. */
    const ODID: string
  }
  export default deviceInfo
}

declare module '@ohos.systemDateTime' {
  import type { AsyncCallback } from '@ohos.base'

  /** Milliseconds, or nanoseconds when asked for. */
  namespace systemDateTime {
    enum TimeType {
      /** Sleep included. */
      STARTUP = 0,
      ACTIVE = 1,
    }
    function getTime(isNanoseconds?: boolean): number
    function getCurrentTime(isNano?: boolean): Promise<number>
    function getCurrentTime(callback: AsyncCallback<number>): void
    function getCurrentTime(isNano: boolean, callback: AsyncCallback<number>): void
    function getUptime(timeType: TimeType, isNanoseconds?: boolean): number
    function getRealTime(isNano?: boolean): Promise<number>
    function getRealActiveTime(isNano?: boolean): Promise<number>
    function getDate(): Promise<Date>
    function getAutoTimeStatus(): boolean
    /** 13000001: a host asks no time server. */
    function updateNtpTime(): Promise<void>
    /** 13000002 */
    function getNtpTime(): number
    function getTimezone(): Promise<string>
    function getTimezone(callback: AsyncCallback<string>): void
    function getTimezoneSync(): string
  }
  export default systemDateTime
}

declare module '@ohos.commonEventManager' {
  import type { AsyncCallback } from '@ohos.base'

  /**
   * Events between the bundles of one user. Errors: 201 (sticky without `ohos.permission.COMMONEVENT_STICKY`), 401, 1500003
   * (more than 20 in 5 ms), 1500004 (an event of the system), 1500007 (too large, or no service), 1500010.
   */
  namespace commonEventManager {
    interface CommonEventPublishData {
      /** Only subscribers of this bundle. */
      bundleName?: string
      code?: number
      data?: string
      subscriberPermissions?: string[]
      isOrdered?: boolean
      /** Kept for later subscribers. */
      isSticky?: boolean
      parameters?: { [key: string]: any }
    }
    interface CommonEventSubscribeInfo {
      events: string[]
      publisherPermission?: string
      publisherDeviceId?: string
      userId?: number
      /** -100 to 1000; the highest hears ordered events first. */
      priority?: number
      publisherBundleName?: string
    }
    interface CommonEventData {
      event: string
      bundleName?: string
      code?: number
      data?: string
      parameters?: { [key: string]: any }
    }
    interface CommonEventSubscriber {
      getCode(): Promise<number>
      getCode(callback: AsyncCallback<number>): void
      getCodeSync(): number
      getData(): Promise<string>
      getData(callback: AsyncCallback<string>): void
      getDataSync(): string
      setCode(code: number): Promise<void>
      setCode(code: number, callback: AsyncCallback<void>): void
      setCodeSync(code: number): void
      setData(data: string): Promise<void>
      setData(data: string, callback: AsyncCallback<void>): void
      setDataSync(data: string): void
      setCodeAndData(code: number, data: string): Promise<void>
      setCodeAndData(code: number, data: string, callback: AsyncCallback<void>): void
      setCodeAndDataSync(code: number, data: string): void
      isOrderedCommonEvent(): Promise<boolean>
      isOrderedCommonEvent(callback: AsyncCallback<boolean>): void
      isOrderedCommonEventSync(): boolean
      isStickyCommonEvent(): Promise<boolean>
      isStickyCommonEvent(callback: AsyncCallback<boolean>): void
      isStickyCommonEventSync(): boolean
      abortCommonEvent(): Promise<void>
      abortCommonEvent(callback: AsyncCallback<void>): void
      abortCommonEventSync(): void
      clearAbortCommonEvent(): Promise<void>
      clearAbortCommonEvent(callback: AsyncCallback<void>): void
      clearAbortCommonEventSync(): void
      getAbortCommonEvent(): Promise<boolean>
      getAbortCommonEvent(callback: AsyncCallback<boolean>): void
      getAbortCommonEventSync(): boolean
      getSubscribeInfo(): Promise<CommonEventSubscribeInfo>
      getSubscribeInfo(callback: AsyncCallback<CommonEventSubscribeInfo>): void
      getSubscribeInfoSync(): CommonEventSubscribeInfo
      /** An ordered event goes on to the next subscriber. */
      finishCommonEvent(): Promise<void>
      finishCommonEvent(callback: AsyncCallback<void>): void
    }
    /** Names of the system's events. Nothing here publishes them, apart from system applications. */
    const Support: { readonly [name: string]: string }
    function publish(event: string, callback: AsyncCallback<void>): void
    function publish(event: string, options: CommonEventPublishData, callback: AsyncCallback<void>): void
    function createSubscriber(subscribeInfo: CommonEventSubscribeInfo): Promise<CommonEventSubscriber>
    function createSubscriber(
      subscribeInfo: CommonEventSubscribeInfo,
      callback: AsyncCallback<CommonEventSubscriber>,
    ): void
    function createSubscriberSync(subscribeInfo: CommonEventSubscribeInfo): CommonEventSubscriber
    function subscribe(subscriber: CommonEventSubscriber, callback: AsyncCallback<CommonEventData>): void
    /** The callback hears data alone. */
    function subscribeToEvent(
      subscriber: CommonEventSubscriber,
      callback: (data: CommonEventData) => void,
    ): Promise<void>
    function unsubscribe(subscriber: CommonEventSubscriber, callback?: AsyncCallback<void>): void
  }
  export default commonEventManager
}

declare module '@kit.BasicServicesKit' {
  import commonEventManager from '@ohos.commonEventManager'
  import deviceInfo from '@ohos.deviceInfo'
  import emitter from '@ohos.events.emitter'
  import systemDateTime from '@ohos.systemDateTime'
  export { commonEventManager, deviceInfo, emitter, systemDateTime }
}

/** Writes to the log with the tag `console`. */
declare const console: {
  log(...values: unknown[]): void
  debug(...values: unknown[]): void
  info(...values: unknown[]): void
  warn(...values: unknown[]): void
  error(...values: unknown[]): void
  trace(...values: unknown[]): void
  group(...values: unknown[]): void
  groupCollapsed(...values: unknown[]): void
  groupEnd(): void
  assert(condition?: unknown, ...values: unknown[]): void
  count(label?: string): void
  countReset(label?: string): void
  time(label?: string): void
  timeEnd(label?: string): void
  timeLog(label?: string, ...values: unknown[]): void
  dir(value: unknown): void
  table(value: unknown): void
}

/** Calls `handler` once, after `delay` milliseconds. The timer is a number. */
declare function setTimeout<A extends unknown[]>(
  handler: (...args: A) => void,
  delay?: number,
  ...args: A
): number
/** Calls `handler` every `delay` milliseconds. */
declare function setInterval<A extends unknown[]>(
  handler: (...args: A) => void,
  delay?: number,
  ...args: A
): number
declare function clearTimeout(id?: number): void
declare function clearInterval(id?: number): void

/** Whether the system has a capability, for example `SystemCapability.Communication.NetManager.Vpn`. */
declare function canIUse(capability: string): boolean

/** The context of the running ability. */
declare function getContext(component?: object): import('@kit.AbilityKit').common.Context

/** Decorators of data that pages show; they change nothing here. */
declare const Observed: ClassDecorator
declare const ObservedV2: ClassDecorator
declare const Sendable: ClassDecorator
declare const Trace: PropertyDecorator
declare const Track: PropertyDecorator
// As HarmonyOS declares it.
// oxlint-disable-next-line typescript/no-unsafe-function-type
declare function Type(type: Function): PropertyDecorator

/** One value of a storage. */
declare interface SubscribedAbstractProperty<T> {
  info(): string
  get(): T
  set(newValue: T): void
  aboutToBeDeleted(): void
}

/* oxlint-disable typescript/no-unnecessary-type-parameters -- as HarmonyOS declares them */

/** Named values, which live as long as the process. */
declare class LocalStorage {
  constructor(initializingProperties?: object)
  has(propName: string): boolean
  get<T>(propName: string): T | undefined
  set<T>(propName: string, newValue: T): boolean
  setOrCreate<T>(propName: string, newValue: T): boolean
  delete(propName: string): boolean
  keys(): IterableIterator<string>
  size(): number
  clear(): boolean
  link<T>(propName: string): SubscribedAbstractProperty<T> | undefined
  setAndLink<T>(propName: string, defaultValue: T): SubscribedAbstractProperty<T>
  prop<T>(propName: string): SubscribedAbstractProperty<T> | undefined
  setAndProp<T>(propName: string, defaultValue: T): SubscribedAbstractProperty<T>
}

/** The storage of the process. */
declare const AppStorage: LocalStorage

/** Values of `AppStorage` that are there from the first use on; they live as long as the process. */
declare const PersistentStorage: {
  persistProp<T>(key: string, defaultValue: T): void
  persistProps(props: { key: string; defaultValue: unknown }[]): void
  deleteProp(key: string): void
  keys(): string[]
}

/** What ArkTS calls a value whose type it does not know. */
// oxlint-disable-next-line typescript/no-explicit-any -- as HarmonyOS declares it
declare type ESObject = any

/** Constants that a build makes for each module, and the `buildProfileFields` of its build-profile.json5. */
declare module 'BuildProfile' {
  // oxlint-disable-next-line typescript/no-extraneous-class -- as HarmonyOS makes it
  export default class BuildProfile {
    static readonly BUNDLE_NAME: string
    static readonly BUNDLE_TYPE: string
    static readonly VERSION_CODE: number
    static readonly VERSION_NAME: string
    static readonly HAR_VERSION: string
    static readonly TARGET_NAME: string
    static readonly PRODUCT_NAME: string
    static readonly BUILD_MODE_NAME: string
    static readonly DEBUG: boolean
    // oxlint-disable-next-line typescript/no-explicit-any -- fields of a module have the types it gives them
    static readonly [field: string]: any
  }
}

/**
 * A native module of the bundle, `libentry.so` or `entry`, or a kit, `@ohos.hilog`.
 *
 * @throws 801 when there is none
 */
// oxlint-disable-next-line typescript/no-explicit-any -- what a module has is its author's to say
declare function loadNativeModule(name: string): any
/** As {@link loadNativeModule}; kits by their short names too, `hilog`. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
declare function requireNapi(name: string, isAppModule?: boolean, path?: string): any
/** As {@link requireNapi}. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
declare function requireNative(name: string): any

/** A native module whose types the project does not map, as `dependencies` of its oh-package.json5 do on the device. */
declare module '*.so'

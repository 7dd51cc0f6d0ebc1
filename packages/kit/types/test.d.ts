/* oxlint-disable typescript/no-wrapper-object-types, typescript/no-explicit-any, typescript/no-unsafe-function-type, typescript/no-extraneous-class, typescript/no-unsafe-declaration-merging -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.app.ability.abilityDelegatorRegistry' {
  import type { AsyncCallback } from '@ohos.base'
  import type common from '@ohos.app.ability.common'
  import type Want from '@ohos.app.ability.Want'

  /** What a test knows of its run; in a test run only. */
  namespace abilityDelegatorRegistry {
    interface AbilityDelegatorArgs {
      bundleName: string
      /** What `aa test -s name value` gave. */
      parameters: Record<string, string>
      testCaseNames: string
      testRunnerClassName: string
    }
    enum AbilityLifecycleState {
      UNINITIALIZED = 0,
      CREATE = 1,
      FOREGROUND = 2,
      BACKGROUND = 3,
      DESTROY = 4,
    }
    /** A page of another process: only what it is called can be asked of it. */
    interface MonitoredAbility {
      readonly context: {
        readonly abilityInfo: {
          readonly bundleName: string
          readonly moduleName: string
          readonly name: string
        }
      }
    }
    interface AbilityMonitor {
      abilityName: string
      moduleName?: string
      onAbilityCreate?: (ability: MonitoredAbility) => void
      onAbilityForeground?: (ability: MonitoredAbility) => void
      onAbilityBackground?: (ability: MonitoredAbility) => void
      onAbilityDestroy?: (ability: MonitoredAbility) => void
      onWindowStageCreate?: (ability: MonitoredAbility) => void
      onWindowStageRestore?: (ability: MonitoredAbility) => void
      onWindowStageDestroy?: (ability: MonitoredAbility) => void
    }
    interface ShellCmdResult {
      stdResult: string
      exitCode: number
      dump(): string
    }
    interface AbilityDelegator {
      addAbilityMonitor(monitor: AbilityMonitor): Promise<void>
      addAbilityMonitor(monitor: AbilityMonitor, callback: AsyncCallback<void>): void
      addAbilityMonitorSync(monitor: AbilityMonitor): void
      removeAbilityMonitor(monitor: AbilityMonitor): Promise<void>
      removeAbilityMonitor(monitor: AbilityMonitor, callback: AsyncCallback<void>): void
      removeAbilityMonitorSync(monitor: AbilityMonitor): void
      /** `timeout`: milliseconds, 5000 when absent; 16000100 when no such page comes. */
      waitAbilityMonitor(monitor: AbilityMonitor, timeout?: number): Promise<MonitoredAbility>
      waitAbilityMonitor(monitor: AbilityMonitor, callback: AsyncCallback<MonitoredAbility>): void
      waitAbilityMonitor(
        monitor: AbilityMonitor,
        timeout: number,
        callback: AsyncCallback<MonitoredAbility>,
      ): void
      getAbilityState(ability: MonitoredAbility): number
      /** The page that was shown last; 16000100 when none runs. */
      getCurrentTopAbility(): Promise<MonitoredAbility>
      getCurrentTopAbility(callback: AsyncCallback<MonitoredAbility>): void
      /** Starts a page of the own bundle. */
      startAbility(want: Want): Promise<void>
      startAbility(want: Want, callback: AsyncCallback<void>): void
      getAppContext(): common.Context
      print(msg: string): Promise<void>
      print(msg: string, callback: AsyncCallback<void>): void
      printSync(msg: string): void
      /** `aa start` of a page; everything else ends with 127. */
      executeShellCommand(cmd: string, timeoutSecs?: number): Promise<ShellCmdResult>
      executeShellCommand(cmd: string, callback: AsyncCallback<ShellCmdResult>): void
      executeShellCommand(cmd: string, timeoutSecs: number, callback: AsyncCallback<ShellCmdResult>): void
      finishTest(msg: string, code: number): Promise<void>
      finishTest(msg: string, code: number, callback: AsyncCallback<void>): void
    }
    function getAbilityDelegator(): AbilityDelegator
    function getArguments(): AbilityDelegatorArgs
  }
  export default abilityDelegatorRegistry
}

declare module '@kit.TestKit' {
  import abilityDelegatorRegistry from '@ohos.app.ability.abilityDelegatorRegistry'
  export { abilityDelegatorRegistry }
}

declare module '@ohos/hypium' {
  export const DEFAULT: number
  export enum TestType {
    FUNCTION = 1,
    PERFORMANCE = 2,
    POWER = 4,
    RELIABILITY = 8,
    SECURITY = 16,
    GLOBAL = 32,
    COMPATIBILITY = 64,
    USER = 128,
    STANDARD = 256,
    SAFETY = 512,
    RESILIENCE = 1024,
  }
  export enum Size {
    SMALLTEST = 0x1_0000,
    MEDIUMTEST = 0x2_0000,
    LARGETEST = 0x4_0000,
  }
  export enum Level {
    LEVEL0 = 0x100_0000,
    LEVEL1 = 0x200_0000,
    LEVEL2 = 0x400_0000,
    LEVEL3 = 0x800_0000,
    LEVEL4 = 0x1000_0000,
  }

  interface Describe {
    (testSuiteName: string, callback: Function): void
    skip(testSuiteName: string, callback: Function): void
    only(testSuiteName: string, callback: Function): void
  }
  interface It {
    (testCaseName: string, attribute: number, callback: Function): void
    skip(testCaseName: string, attribute: number, callback: Function): void
    only(testCaseName: string, attribute: number, callback: Function): void
  }
  export const describe: Describe
  export const it: It
  export function xdescribe(testSuiteName: string, callback: Function): void
  export function xit(testCaseName: string, attribute: number, callback: Function): void
  export function beforeAll(callback: Function): void
  export function afterAll(callback: Function): void
  export function beforeEach(callback: Function): void
  export function afterEach(callback: Function): void
  export function beforeEachIt(callback: Function): void
  export function afterEachIt(callback: Function): void
  export function beforeItSpecified(testCaseNames: string[] | string, callback: Function): void
  export function afterItSpecified(testCaseNames: string[] | string, callback: Function): void

  /** A case that throws it is ignored. */
  export class SkipError extends Error {
    constructor(message: string)
  }

  export interface Assert {
    not(): Assert
    message(message: string): Assert
    assertTrue(): void
    assertFalse(): void
    assertNull(): void
    assertUndefined(): void
    assertNaN(): void
    assertPosUnlimited(): void
    assertNegUnlimited(): void
    assertEqual(expectValue: any): void
    assertDeepEquals(expectValue: any): void
    assertFail(): void
    assertLess(expectValue: any): void
    assertLessOrEqual(expectValue: any): void
    assertLarger(expectValue: any): void
    assertLargerOrEqual(expectValue: any): void
    assertClose(expectValue: number, precision: number): void
    assertContain(expectValue: any): void
    assertInstanceOf(expectValue: string): void
    assertThrowError(expectValue: string | Function): void
    assertMatchObj(expectValue: Object): void
    assertPromiseIsPending(): Promise<void>
    assertPromiseIsResolved(): Promise<void>
    assertPromiseIsRejected(): Promise<void>
    assertPromiseIsResolvedWith(expectValue?: any): Promise<void>
    assertPromiseIsRejectedWith(expectValue?: any): Promise<void>
    assertPromiseIsRejectedWithError(...expectValue: any[]): Promise<void>
  }
  export function expect(actualValue?: any): Assert

  export class ArgumentMatchers {
    static any: any
    static anyString: string
    static anyBoolean: boolean
    static anyNumber: number
    static anyObj: any
    static anyFunction: Function
    static notString: any
    static notBoolean: any
    static notNumber: any
    static notObj: any
    static notFunction: any
    static matchRegexs(regex: RegExp): any
    static notMatchRegexs(regex: RegExp): any
    static containSubstring(subString: string): any
    static notContainSubstring(subString: string): any
    static containSubArray(subArray: any[]): any
    static notContainSubArray(subArray: any[]): any
    static containValue(value: any): any
    static notContainValue(value: any): any
  }
  interface When {
    afterReturn(value: any): void
    afterReturnNothing(): void
    afterAction(action: Function): void
    afterThrow(message: string): void
  }
  export function when(mocked: Function): (...args: any[]) => When
  export interface VerificationMode {
    times(count: number): void
    never(): void
    once(): void
    atLeast(count: number): void
    atMost(count: number): void
  }
  export class MockKit {
    mockFunc(obj: Object, func: Function): Function
    mockObject(obj: Object): Object
    verify(methodName: string, argsArray: any[]): VerificationMode
    mockPrivateFunc(originalObject: Object, method: string): Function
    mockProperty(obj: Object, propertyName: string, value: any): void
    ignoreMock(obj: Object, func: Function | string): void
    isMocked(obj: Object, name: string): boolean
    clear(obj: Object): void
    clearAll(): void
  }
  export class SysTestKit {
    static actionStart(tag: string): void
    static actionEnd(tag: string): void
    static getDescribeName(): string
    static getItName(): string
    /** Whether a line of the bundle's log has it; the time it may take is not needed. */
    static existKeyword(keyword: string, timeout?: number): Promise<boolean>
    static cleanLog(): Promise<boolean>
    static clearLog(): Promise<boolean>
    static getItAttribute(): TestType | Size | Level
  }
  export class Hypium {
    static setData(data: Record<string, any>): void
    static set(key: string, value: any): void
    static get(key: string): any
    static registerAssert(customAssertion: Function): void
    static unregisterAssert(customAssertion: Function | string): void
    static hypiumTest(abilityDelegator: any, abilityDelegatorArguments: any, testsuite: Function): void
  }
}

declare module '@ohos/hamock' {
  export { ArgumentMatchers, MockKit, when } from '@ohos/hypium'
  export type { VerificationMode } from '@ohos/hypium'
  export function MockSetup(
    target: Object,
    propertyName: string | Symbol,
    descriptor: TypedPropertyDescriptor<() => void>,
  ): void
}

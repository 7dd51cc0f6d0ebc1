import { provide } from '../provided.ts'
import { functionParameter, textParameter } from '../parameters.ts'
import { Level, Size, TestType, defaultAttribute } from './attributes.ts'
import { DataDriver } from './data-driver.ts'
import { Declarations } from './declarations.ts'
import { type AssertException, Expectations } from './expect.ts'
import { argumentMatchers } from './argument-matchers.ts'
import { MockKit, when } from './mock-kit.ts'
import { SkipError } from './skip-error.ts'
import type { Summary } from './report.ts'
import { SuiteRun } from './run-suites.ts'
import type { Case, Suite } from './suite.ts'
import { readTestOptions } from './test-options.ts'

/** How a run ended. */
export type SessionEnd =
  | { readonly kind: 'run'; readonly summary: Summary }
  /** `name:value` of the parameters that are wrong. */
  | { readonly kind: 'wrong-parameters'; readonly values: readonly string[] }

/** The log of the bundle, as a case asks for it. */
export interface TestLog {
  /** Whether a line of it has a text, in capitals or not. */
  has(text: string): Promise<boolean>
  /** Forgets the lines there are. */
  clear(): Promise<void>
}

/** `@ohos/hypium` of a process, and the run of what is declared with it. */
export class TestSession {
  readonly #declarations = new Declarations()
  readonly #data = new DataDriver()
  readonly #print: (text: string) => void
  readonly #shared = new Map<unknown, unknown>()
  #onFailure: (error: AssertException) => void = () => undefined
  #now: { readonly suite: Suite; readonly case: Case | undefined } | undefined

  readonly #testLog: TestLog

  /** @param print takes text of the report, in order */
  constructor(print: (text: string) => void, testLog: TestLog) {
    this.#print = print
    this.#testLog = testLog
  }

  /** What `import … from '@ohos/hypium'` gives. */
  members(): Record<string, unknown> {
    const expectations = new Expectations((error) => this.#onFailure(error))
    const action =
      (word: string) =>
      (tag: unknown): void =>
        this.#print(`\nOHOS_REPORT_ACTION${word}: ${JSON.stringify(tag)}\n`)
    const clear = async (): Promise<boolean> => {
      await this.#testLog.clear()
      return true
    }
    return {
      ...this.#declarations.members(),
      expect: (actual: unknown) => expectations.expect(actual),
      TestType: provide('TestType', TestType),
      Size: provide('Size', Size),
      Level: provide('Level', Level),
      DEFAULT: defaultAttribute,
      SkipError,
      MockKit,
      when,
      ArgumentMatchers: argumentMatchers,
      SysTestKit: provide('SysTestKit', {
        actionStart: action('START'),
        actionEnd: action('END'),
        print: (text: unknown) => this.#print(`${String(text)}\n`),
        getDescribeName: () => this.#now?.suite.name,
        getItName: () => this.#now?.case?.name,
        getItAttribute: () => this.#now?.case?.attributes,
        // The log is at hand, so the time it may take does not matter.
        existKeyword: async (keyword: unknown) => this.#testLog.has(textParameter(keyword, 'keyword')),
        cleanLog: clear,
        // As the examples of the framework call it.
        clearLog: clear,
      }),
      Hypium: provide('Hypium', {
        setData: (data: unknown) => this.#data.set(data),
        setTimeConfig: () => undefined,
        set: (key: unknown, value: unknown) => void this.#shared.set(key, value),
        get: (key: unknown) => this.#shared.get(key),
        registerAssert: (assertion: unknown) => expectations.register(assertion),
        unregisterAssert: (assertion: unknown) => expectations.unregister(assertion),
        // The run is begun by whoever has started the process, so a runner of the project's own only declares.
        hypiumTest: (_delegator: unknown, _arguments: unknown, suites: unknown) =>
          functionParameter(suites, 'testsuite')(),
      }),
    }
  }

  /**
   * Runs what is declared.
   *
   * @param parameters the `-s` of `aa test`
   */
  async run(parameters: Readonly<Record<string, unknown>>): Promise<SessionEnd> {
    const read = readTestOptions(parameters)
    if (read.kind === 'wrong') return { kind: 'wrong-parameters', values: read.values }
    const run = new SuiteRun({
      options: read.options,
      data: this.#data,
      print: this.#print,
      watch: (onFailure) => {
        this.#onFailure = onFailure
      },
      at: (suite, each) => {
        this.#now = { suite, case: each }
      },
    })
    return { kind: 'run', summary: await run.run(this.#declarations.root) }
  }
}

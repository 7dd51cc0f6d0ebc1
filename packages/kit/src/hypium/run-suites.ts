import { clearTimeout, setTimeout } from 'node:timers'

import { BusinessError } from '@vpnext/api'

import type { AnyFunction } from '../parameters.ts'
import type { DataDriver } from './data-driver.ts'
import { AssertException } from './expect.ts'
import { SkipError } from './skip-error.ts'
import { type CaseReport, type CaseResult, type SuiteListing, type Summary, reportText } from './report.ts'
import { type Case, type Hooks, type Suite, hasOnly } from './suite.ts'
import { type TestOptions, wantsCase, wantsSuite } from './test-options.ts'

export interface RunParts {
  readonly options: TestOptions
  readonly data: DataDriver
  /** Takes text of the report, in order. */
  readonly print: (text: string) => void
  /** Takes the failures of assertions while a case runs: one that the case catches fails it too. */
  readonly watch: (onFailure: (error: AssertException) => void) => void
  /** Hears what runs now; of hooks of a suite, no case. */
  readonly at: (suite: Suite, each: Case | undefined) => void
}

/** What is left of a suite by the options of a run. */
interface Chosen {
  readonly suite: Suite
  /** The names that lead to it. */
  readonly path: readonly string[]
  /** The suites that it is in, the outermost first, and itself. */
  readonly around: readonly Suite[]
  readonly cases: readonly Case[]
  readonly children: readonly Chosen[]
}

/** Runs suites one after another, each with its own hooks: those of a suite around it are that suite's own. */
export class SuiteRun {
  readonly #parts: RunParts
  readonly #reports: CaseReport[] = []
  #total = 0
  #current = 0
  #broken = false

  constructor(parts: RunParts) {
    this.#parts = parts
  }

  /** @returns the totals, which are printed too */
  async run(root: Suite): Promise<Summary> {
    const startedAt = performance.now()
    const chosen = this.#choose(root, { path: [], around: [] }, hasOnly(root))
    this.#total = countCases(chosen)
    const { dryRun, breakOnError } = this.#parts.options
    if (dryRun) this.#parts.print(reportText.listing(listing(chosen)))
    await this.#runSuite(chosen)
    const count = (kind: CaseResult['kind']): number =>
      this.#reports.filter(({ result }) => result.kind === kind).length
    const [failure, error, pass] = [count('failed'), count('error'), count('passed')]
    // What did not run is counted as what was not to run.
    const ignore = this.#total - failure - error - pass
    const summary = { total: this.#total, failure, error, pass, ignore, durationMs: since(startedAt) }
    this.#parts.print(reportText.taskDone(summary, breakOnError))
    return summary
  }

  #choose(suite: Suite, place: Pick<Chosen, 'path' | 'around'>, onlyMarked: boolean): Chosen {
    const { options, data } = this.#parts
    const { path } = place
    const around = [...place.around, suite]
    const cases = suite.cases
      .filter(({ only }) => !onlyMarked || only || suite.only)
      .filter(({ name, attributes }) => wantsCase(options, path, name, attributes))
      .flatMap((each) => {
        const times = options.dryRun ? 1 : options.times * data.timesOfCase(suite.name, each.name)
        return Array.from({ length: times }, () => each)
      })
    const children = suite.children
      .map((child) => this.#choose(child, { path: [...path, child.name], around }, onlyMarked && !suite.only))
      .filter((child) => wantsSuite(options, child.path) || child.children.length > 0)
      .flatMap((child) => {
        const times = options.dryRun ? 1 : data.timesOfSuite(child.suite.name)
        return Array.from({ length: times }, () => child)
      })
    return {
      suite,
      path,
      around,
      cases: options.random ? shuffled(cases) : cases,
      children: options.random ? shuffled(children) : children,
    }
  }

  /** @param outerError what a hook of a suite around it failed with: then its cases have failed with that too */
  async #runSuite(chosen: Chosen, outerError?: Error): Promise<void> {
    const { suite, path, cases, children } = chosen
    if (this.#broken) return
    const startedAt = performance.now()
    const { print, at } = this.#parts
    // Suites in different suites may have one name; what is declared outside of all suites has none.
    const name = path.join('.')
    if (name !== '') print(reportText.suiteStart(name, countCases(chosen)))
    at(suite, undefined)
    const before = outerError ?? (await this.#hooks('beforeAll', suite.hooks.beforeAll))
    for (const each of cases) await this.#runCase(chosen, each, before)
    for (const child of children) await this.#runSuite(child, before)
    at(suite, undefined)
    const after = outerError === undefined ? await this.#hooks('afterAll', suite.hooks.afterAll) : undefined
    const hookError = [before, after].map((error) => error?.message ?? '').find((text) => text !== '')
    if (name !== '') print(reportText.suiteDone(name, since(startedAt), hookError ?? ''))
  }

  async #runCase({ suite, path, around }: Chosen, each: Case, suiteError: Error | undefined): Promise<void> {
    const { options, print, at } = this.#parts
    if (this.#broken) return
    this.#current += 1
    const name = path.join('.')
    at(suite, each)
    print(reportText.caseStart(name, each.name, this.#current, this.#total))
    const startedAt = performance.now()
    const result =
      each.skipped || options.dryRun
        ? ({ kind: 'ignored' } as const)
        : suiteError === undefined
          ? await this.#perform(suite, around, each)
          : resultOf(suiteError)
    const report = { suite: name, name: each.name, result, durationMs: since(startedAt) }
    this.#reports.push(report)
    print(reportText.caseDone(report, this.#current, this.#total))
    this.#broken = options.breakOnError && (result.kind === 'failed' || result.kind === 'error')
  }

  /** Hooks before, the case, hooks after; the latter run in any case, so that a failure leaves nothing behind. */
  async #perform(suite: Suite, around: readonly Suite[], each: Case): Promise<CaseResult> {
    const { hooks } = suite
    let caught: AssertException | undefined
    this.#parts.watch((error) => {
      caught ??= error
    })
    const named = (name: 'beforeItSpecified' | 'afterItSpecified'): Promise<Error | undefined> =>
      this.#hooks(
        name,
        hooks[name].filter(({ cases }) => cases.includes(each.name)).map(({ run }) => run),
      )
    const ofAll = (
      name: 'beforeEachIt' | 'afterEachIt',
      suites: readonly Suite[],
    ): Promise<Error | undefined> =>
      this.#hooks(
        name,
        suites.flatMap((outer) => outer.hooks[name]),
      )
    try {
      let error = await ofAll('beforeEachIt', around)
      error ??= await named('beforeItSpecified')
      error ??= await this.#hooks('beforeEach', hooks.beforeEach)
      error ??= await this.#bodies(suite, each)
      const after = [
        await named('afterItSpecified'),
        await this.#hooks('afterEach', hooks.afterEach),
        await ofAll('afterEachIt', around.toReversed()),
      ].find((found) => found !== undefined)
      error ??= after ?? caught
      return error === undefined ? { kind: 'passed' } : resultOf(error)
    } finally {
      this.#parts.watch(() => undefined)
    }
  }

  /** The case once for each of its data, or once. */
  async #bodies(suite: Suite, { name, body }: Case): Promise<Error | undefined> {
    for (const data of this.#parts.data.of(suite.name, name)) {
      const error = await this.#limited(body, data)
      if (error !== undefined) return error
    }
    return undefined
  }

  /** @returns what the first of them failed with, with the name of the hook in its message */
  async #hooks(name: keyof Hooks, hooks: readonly AnyFunction[]): Promise<Error | undefined> {
    for (const hook of hooks) {
      const error = await this.#limited(hook, undefined)
      if (error !== undefined) return inHook(error, name)
    }
    return undefined
  }

  /** Runs a function until it has settled, or has called `done` where it takes that. @returns what it failed with */
  #limited(body: AnyFunction, data: unknown): Promise<Error | undefined> {
    const { timeoutMs } = this.#parts.options
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(new Error(`execute timeout ${timeoutMs}ms`)), timeoutMs)
      const end = (error?: Error): void => {
        clearTimeout(timer)
        resolve(error)
      }
      const takes = parametersOf(body)
      const args = takes.map((name, index) => (name === 'data' || index > 0 ? data : () => end()))
      const waitsForDone = takes.length > 0 && takes[0] !== 'data'
      const work = async (): Promise<void> => {
        await body(...args)
        if (!waitsForDone) end()
      }
      work().catch((error: unknown) => end(error instanceof Error ? error : new Error(String(error))))
    })
  }
}

/** How a function names what it takes: the framework tells `(data)` from `(done)` by that. */
function parametersOf(body: AnyFunction): string[] {
  if (body.length === 0) return []
  const first = /^(?:async\s*)?(?:function\s*[\w$]*\s*)?\(?\s*([\w$]+)/.exec(body.toString())?.[1] ?? ''
  return body.length === 1 ? [first] : [first, 'data']
}

function inHook(error: Error, name: keyof Hooks): Error {
  if (error instanceof SkipError) return error
  const words = error.message
  error.message = `${words}, error in ${name} function`
  // The stack was written with the error.
  if (error.stack !== undefined && words !== '') error.stack = error.stack.replace(words, () => error.message)
  return error
}

function resultOf(error: Error): CaseResult {
  if (error instanceof SkipError) return { kind: 'ignored', reason: error.message }
  // Of what vpnext lacks the device's message does not tell the name.
  const reason = error instanceof BusinessError ? error.data?.reason : undefined
  const message = reason === undefined ? error.message : `${error.message} (${reason})`
  const stack = (error.stack ?? message).replace(error.message, () => message)
  return {
    kind: error instanceof AssertException ? 'failed' : 'error',
    message,
    stack: withoutOwnLines(stack),
    ...(error instanceof AssertException && error.words !== undefined && { words: error.words }),
  }
}

/** A stack without the lines of this framework and the kits: what is left are those of the suite and of what it tests. */
function withoutOwnLines(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^ +at (.*\()?(async )?\/vpnext\/[^/]*:\d+:\d+\)?$/.test(line))
    .join('\n')
}

/** What is chosen, as a run that only lists it tells it. */
function listing({ suite, cases, children }: Chosen): SuiteListing {
  return {
    ...(cases.length > 0 && { [suite.name]: cases.map(({ name }) => ({ itName: name })) }),
    ...(children.length > 0 && { suites: children.map(listing) }),
  }
}

function countCases({ cases, children }: Chosen): number {
  return children.reduce((sum, child) => sum + countCases(child), cases.length)
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, key: Math.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

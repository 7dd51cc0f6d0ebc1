import type { AnyFunction } from '../parameters.ts'

/** A hook for some cases only. */
export interface NamedHook {
  readonly cases: readonly string[]
  readonly run: AnyFunction
}

export interface Hooks {
  readonly beforeAll: AnyFunction[]
  readonly afterAll: AnyFunction[]
  readonly beforeEach: AnyFunction[]
  readonly afterEach: AnyFunction[]
  /** Around the cases of the suite and of those in it. */
  readonly beforeEachIt: AnyFunction[]
  readonly afterEachIt: AnyFunction[]
  readonly beforeItSpecified: NamedHook[]
  readonly afterItSpecified: NamedHook[]
}

/** What `it` declares. */
export interface Case {
  readonly name: string
  readonly attributes: number
  readonly body: AnyFunction
  /** Declared with `xit` or `it.skip`, or in a suite that is. */
  readonly skipped: boolean
  readonly only: boolean
}

/** What `describe` declares. */
export interface Suite {
  readonly name: string
  readonly hooks: Hooks
  readonly cases: Case[]
  readonly children: Suite[]
  readonly skipped: boolean
  readonly only: boolean
}

export function emptySuite(name: string, skipped: boolean, only: boolean): Suite {
  const hooks = {
    beforeAll: [],
    afterAll: [],
    beforeEach: [],
    afterEach: [],
    beforeEachIt: [],
    afterEachIt: [],
    beforeItSpecified: [],
    afterItSpecified: [],
  }
  return { name, hooks, cases: [], children: [], skipped, only }
}

/** Whether a suite, or anything in it, is the only thing to run. */
export function hasOnly(suite: Suite): boolean {
  return suite.only || suite.cases.some(({ only }) => only) || suite.children.some(hasOnly)
}

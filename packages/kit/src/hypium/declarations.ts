import { functionParameter, parameterError, textParameter } from '../parameters.ts'
import type { AnyFunction } from '../parameters.ts'
import { type Hooks, type Suite, emptySuite } from './suite.ts'

type Mode = 'plain' | 'skip' | 'only'

/** Takes what suites declare by `describe`, `it` and the hooks. */
export class Declarations {
  readonly root: Suite = emptySuite('', false, false)
  #current: Suite = this.root

  /** The functions of the framework that declare. */
  members(): Record<string, unknown> {
    const hook =
      (name: Exclude<keyof Hooks, 'beforeItSpecified' | 'afterItSpecified'>) =>
      (body: unknown): void => {
        this.#current.hooks[name].push(functionParameter(body, `${name}: its function`))
      }
    return {
      describe: this.#forms((mode, args) => this.#describe(mode, args)),
      xdescribe: (...args: unknown[]) => this.#describe('skip', args),
      it: this.#forms((mode, args) => this.#it(mode, args)),
      xit: (...args: unknown[]) => this.#it('skip', args),
      beforeAll: hook('beforeAll'),
      afterAll: hook('afterAll'),
      beforeEach: hook('beforeEach'),
      afterEach: hook('afterEach'),
      beforeEachIt: hook('beforeEachIt'),
      afterEachIt: hook('afterEachIt'),
      beforeItSpecified: (names: unknown, body: unknown) => this.#named('beforeItSpecified', names, body),
      afterItSpecified: (names: unknown, body: unknown) => this.#named('afterItSpecified', names, body),
    }
  }

  /** `x`, `x.skip` and `x.only`. */
  #forms(declare: (mode: Mode, args: readonly unknown[]) => void): AnyFunction {
    const form =
      (mode: Mode): AnyFunction =>
      (...args) =>
        declare(mode, args)
    return Object.assign(form('plain'), { skip: form('skip'), only: form('only') })
  }

  #describe(mode: Mode, [name, body]: readonly unknown[]): void {
    const outer = this.#current
    const skipped = outer.skipped || mode === 'skip'
    const suite = emptySuite(textParameter(name, 'describe: its name'), skipped, mode === 'only')
    outer.children.push(suite)
    this.#current = suite
    try {
      functionParameter(body, `describe ${suite.name}: its function`)()
    } finally {
      this.#current = outer
    }
  }

  /** `it(name, attributes, body)`; without attributes, there are none. */
  #it(mode: Mode, [name, second, third]: readonly unknown[]): void {
    const text = textParameter(name, 'it: its name')
    const attributes = typeof second === 'number' ? second : 0
    const body = functionParameter(typeof second === 'function' ? second : third, `it ${text}: its function`)
    const skipped = this.#current.skipped || mode === 'skip'
    this.#current.cases.push({ name: text, attributes, body, skipped, only: mode === 'only' })
  }

  #named(
    hook: keyof Pick<Hooks, 'beforeItSpecified' | 'afterItSpecified'>,
    names: unknown,
    body: unknown,
  ): void {
    const cases: unknown[] = Array.isArray(names) ? names : [names]
    if (!cases.every((each) => typeof each === 'string')) throw parameterError(hook, 'needs names of cases')
    this.#current.hooks[hook].push({ cases, run: functionParameter(body, `${hook}: its function`) })
  }
}

import { functionParameter, textParameter } from '../parameters.ts'
import { type Assertion, type Verdict, assertions } from './assertions.ts'
import { promiseAssertions } from './promise-assertions.ts'
import { show } from './show.ts'

/** What a failed assertion throws: a failure of its case, unlike any other error. */
export class AssertException extends Error {
  override readonly name = 'AssertException'
  /** Those of `message(words)`. */
  readonly words: string | undefined

  constructor(message: string, words?: string) {
    super(message)
    this.words = words
  }
}

/** `expect`, with assertions that a suite may add by `Assert`. */
export class Expectations {
  readonly #own = new Map<string, Assertion>()
  /** Names of assertions that were added and taken away. */
  readonly #gone = new Set<string>()
  readonly #onFailure: (error: AssertException) => void

  /** @param onFailure hears of each failed assertion, also of one whose exception the case catches */
  constructor(onFailure: (error: AssertException) => void) {
    this.#onFailure = onFailure
  }

  /** `Hypium.registerAssert(function)`: its name is the assertion's; it gives `{ pass, message }`. */
  register(value: unknown): void {
    const own = functionParameter(value, 'customAssertion')
    const name = textParameter(own.name, 'customAssertion: its name')
    this.#gone.delete(name)
    this.#own.set(name, (actual, args) => {
      const result: unknown = own(actual, ...args)
      const get = (member: string): unknown =>
        typeof result === 'object' && result !== null ? Reflect.get(result, member) : undefined
      return { holds: get('pass') === true, message: show(get('message') ?? '') }
    })
  }

  unregister(value: unknown): void {
    const name = typeof value === 'function' ? value.name : textParameter(value, 'customAssertion')
    if (this.#own.delete(name)) this.#gone.add(name)
  }

  /** `expect(actual)`: `.assertY(…)`, with `.not()` and `.message(text)` before it. */
  expect(actual: unknown): object {
    let negated = false
    let own: string | undefined
    const judge = ({ holds, message }: Verdict): void => {
      if (holds !== negated) return
      const words = negated ? `not: ${message === '' ? show(actual) : message}` : message
      const failure = new AssertException(words, own)
      this.#onFailure(failure)
      throw failure
    }
    const chain: Record<string, unknown> = {
      not(): object {
        negated = !negated
        return chain
      },
      message(text: unknown): object {
        own = show(text)
        return chain
      },
    }
    for (const name of this.#gone) {
      chain[name] = () => {
        throw new Error(`${name} is unregistered`)
      }
    }
    for (const [name, assertion] of [...Object.entries(assertions), ...this.#own])
      chain[name] = (...args: unknown[]) => judge(assertion(actual, args))
    for (const [name, assertion] of Object.entries(promiseAssertions))
      chain[name] = async (...args: unknown[]) => judge(await assertion(actual, args))
    return chain
  }
}

import type { ApiCallback } from '@vpnext/api'

import { isCallback, settle } from './async-forms.ts'

/** One function of a kit: how its arguments are read, and what it does with them, waiting or not. */
export interface CallOperation<Input, Output> {
  /** @throws BusinessError naming the argument; it is thrown at once in every form */
  read(args: readonly unknown[]): Input
  now(input: Input): Output
  /** When absent, the promise and callback forms do what `now` does. */
  later?(input: Input): Promise<Output>
}

/** The forms in which a kit offers a function: `x(…)` with a promise or a trailing callback, and `xSync(…)`. */
export interface Forms<Output> {
  readonly later: (...args: unknown[]) => Promise<Output> | undefined
  readonly now: (...args: unknown[]) => Output
}

/**
 * Makes both forms.
 *
 * @param translate turns what `now` and `later` fail with into what the caller sees
 */
export function callForms<Input, Output>(
  operation: CallOperation<Input, Output>,
  translate: (error: unknown) => unknown = (error) => error,
): Forms<Output> {
  const translated = async (input: Input): Promise<Output> => {
    try {
      return await (operation.later === undefined ? operation.now(input) : operation.later(input))
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    later(...args) {
      const last = args.at(-1)
      const callback: ApiCallback<Output> | undefined = isCallback<Output>(last) ? last : undefined
      const input = operation.read(callback === undefined ? args : args.slice(0, -1))
      return settle(translated(input), callback)
    },
    now(...args) {
      const input = operation.read(args)
      try {
        return operation.now(input)
      } catch (error) {
        throw translate(error)
      }
    },
  }
}

/** A function without a `Sync` form: a promise, or a trailing callback. */
export function asyncForm<Input, Output>(
  read: (args: readonly unknown[]) => Input,
  later: (input: Input) => Promise<Output>,
): (...args: unknown[]) => Promise<Output> | undefined {
  return (...args) => {
    const last = args.at(-1)
    const callback: ApiCallback<Output> | undefined = isCallback<Output>(last) ? last : undefined
    return settle(later(read(callback === undefined ? args : args.slice(0, -1))), callback)
  }
}

/** For functions that take no arguments but a callback. */
export function noInput(): void {
  return undefined
}

/** The members `x` and `xSync` for each operation `x`. */
export function bothForms(operations: Readonly<Record<string, Forms<unknown>>>): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const [name, { later, now }] of Object.entries(operations)) {
    members[name] = later
    members[`${name}Sync`] = now
  }
  return members
}

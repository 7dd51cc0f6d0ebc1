import type { ApiCallback } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import { asFileError } from './file-error.ts'

/** One function of the file kit: how its arguments are read, and what it does with them, waiting or not. */
export interface Operation<Input, Output> {
  /** @throws BusinessError 13900020 naming the argument */
  read(args: readonly unknown[]): Input
  now(input: Input): Output
  later(input: Input): Promise<Output>
}

/** The forms in which the kit offers it: `x(…)` with a promise or a trailing callback, and `xSync(…)`. */
export interface Forms<Output> {
  readonly later: (...args: unknown[]) => Promise<Output> | undefined
  readonly now: (...args: unknown[]) => Output
}

/** Makes both forms. Arguments of the wrong type throw at once in either; all errors are BusinessErrors 139000xx. */
export function forms<Input, Output>(operation: Operation<Input, Output>): Forms<Output> {
  return {
    later(...args) {
      const last = args.at(-1)
      const callback: ApiCallback<Output> | undefined = isCallback<Output>(last) ? last : undefined
      const input = operation.read(callback === undefined ? args : args.slice(0, -1))
      return settle(translated(operation.later(input)), callback)
    },
    now(...args) {
      const input = operation.read(args)
      try {
        return operation.now(input)
      } catch (error) {
        throw asFileError(error)
      }
    },
  }
}

async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asFileError(error)
  }
}

import { isCallback, settle } from '../async-forms.ts'
import { parameterError } from './socket-error.ts'

/**
 * Gives the outcome of `work` through the callback after `count` arguments, or as a promise when there is none.
 *
 * @throws BusinessError 401 when what stands there is no function
 */
export function lastCallback<T>(
  args: readonly unknown[],
  count: number,
  work: Promise<T>,
): Promise<T> | undefined {
  const callback = args[count]
  if (callback === undefined) return work
  if (isCallback<T>(callback)) return settle(work, callback)
  work.catch(() => undefined)
  throw parameterError('callback', 'is not a function')
}

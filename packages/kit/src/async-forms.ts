import { type ApiCallback, BusinessError } from '@vpnext/api'

/**
 * Gives the outcome of `work` in the form the caller chose.
 *
 * @param work fails with a BusinessError
 * @param report the caller's callback; when given, called once instead of returning a promise: `error` is undefined on success, `data` on
 * failure; what it throws is an unhandled rejection
 */
export function settle<T>(work: Promise<T>, report: ApiCallback<T> | undefined): Promise<T> | undefined {
  if (report === undefined) return work
  void work.then(
    (data) => report(undefined, data),
    (error: unknown) => {
      if (!(error instanceof BusinessError)) throw error
      report(error, undefined)
    },
  )
  return undefined
}

/** Whether `value` may be called as a callback; its signature cannot be seen. */
export function isCallback<T>(value: unknown): value is ApiCallback<T> {
  return typeof value === 'function'
}

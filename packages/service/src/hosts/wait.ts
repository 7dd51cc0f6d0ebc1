import { deferred } from '../deferred.ts'

/** How a wait ended. */
export type Outcome<T> =
  | { readonly kind: 'settled'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }

/**
 * Waits for a promise, but no longer than allowed. Never rejects; the promise's later rejection is nobody's error.
 *
 * @param timeoutMs 1 to 2^31-1
 */
export async function waitFor<T>(
  promise: Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  if (signal.aborted) {
    promise.catch(() => undefined)
    return { kind: 'aborted' }
  }
  const limit = deferred<Outcome<T>>()
  const timer = setTimeout(() => limit.resolve({ kind: 'timed-out' }), timeoutMs)
  const onAbort = (): void => limit.resolve({ kind: 'aborted' })
  signal.addEventListener('abort', onAbort, { once: true })
  const settled = promise.then(
    (value): Outcome<T> => ({ kind: 'settled', value }),
    (error: unknown): Outcome<T> => ({ kind: 'failed', error }),
  )
  try {
    return await Promise.race([settled, limit.promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

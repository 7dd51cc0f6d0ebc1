/**
 * Runs `action` once when `signal` aborts.
 *
 * @param action gets the reason, as an Error whatever it was
 * @returns what ends the wait
 */
export function whenAborted(signal: AbortSignal | undefined, action: (reason: Error) => void): Disposable {
  if (signal === undefined) return nothing
  const listener = (): void => action(toError(signal.reason))
  signal.addEventListener('abort', listener, { once: true })
  return {
    [Symbol.dispose]() {
      signal.removeEventListener('abort', listener)
    },
  }
}

const nothing: Disposable = { [Symbol.dispose]() {} }

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError')
}

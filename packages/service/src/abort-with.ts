/**
 * Aborts `abort` when one of `signals` does, for as long as the result is not disposed.
 *
 * `AbortSignal.any` never lets go: a signal that lives long keeps a note of each signal that was made of it (node 20).
 */
export function abortWith(abort: AbortController, signals: readonly AbortSignal[]): Disposable {
  const links = signals.map((signal) => ({ signal, listener: (): void => abort.abort(signal.reason) }))
  for (const { signal, listener } of links) {
    if (signal.aborted) listener()
    else signal.addEventListener('abort', listener, { once: true })
  }
  return {
    [Symbol.dispose]() {
      for (const { signal, listener } of links) signal.removeEventListener('abort', listener)
    },
  }
}

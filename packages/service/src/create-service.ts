import { isMainThread } from 'node:worker_threads'
import { runService } from './running-service.ts'
import { ServiceError } from './service-error.ts'
import { type ServiceOptions, readSettings } from './settings.ts'

/** vpnextd: one instance of the privileged service. */
export interface Service extends AsyncDisposable {
  /**
   * Undoes what a crash left, loads the state and listens on `<runDir>/io.vpnext`.
   * Must be called on the main thread: hosts die with the thread that started them.
   *
   * @param options.signal gives the start up, and stops the service when it aborts later
   * @throws ServiceError `wrong-thread`, `in-use`, `unsafe-path`, `damaged-state`; then nothing is left running
   */
  start(options?: { readonly signal?: AbortSignal }): Promise<void>
  /** Stops every extension (onDestroy runs), destroys every tunnel and stops listening. Again: the same promise. */
  stop(): Promise<void>
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'started'; readonly running: Promise<AsyncDisposable> }
  | { readonly kind: 'stopped'; readonly done: Promise<void> }

/**
 * Makes a service; nothing happens before `start`.
 *
 * @throws TypeError or RangeError that names the option
 */
export function createService(options: ServiceOptions): Service {
  const settings = readSettings(options)
  let state: State = { kind: 'idle' }

  const stop = (): Promise<void> => {
    switch (state.kind) {
      case 'idle':
        state = { kind: 'stopped', done: Promise.resolve() }
        return state.done
      case 'started': {
        const { running } = state
        const done = running.then(
          (service) => service[Symbol.asyncDispose](),
          () => undefined,
        )
        state = { kind: 'stopped', done }
        return done
      }
      case 'stopped':
        return state.done
      default:
        return state satisfies never
    }
  }

  return {
    async start({ signal } = {}) {
      if (!isMainThread)
        throw new ServiceError('wrong-thread', 'start: hosts would die with this worker thread')
      if (state.kind !== 'idle') throw new ServiceError('closed', 'a service is started once')
      const running = runService(settings, signal)
      state = { kind: 'started', running }
      await running
      if (signal?.aborted === true) await stop()
      // The failure of a stop that nobody awaits is reported by the next call of stop().
      else signal?.addEventListener('abort', () => void stop().catch(() => undefined), { once: true })
      signal?.throwIfAborted()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'

/** Milliseconds that a thread has to end by itself, once it has loaded: one that waits for something does at once. */
const patience = 300

/** The two ends of a thread's control: one goes there, the other ends it. */
export interface ThreadControl {
  /** To be transferred to the thread, which gives it to {@link obeyControl}. */
  readonly port: MessagePort
  /** @param worker the thread that got the port */
  watch(worker: Worker): void
  /**
   * Ends the thread: it is asked to, and when its code does not let it, it is stopped. One that has not loaded yet loads first: stopped in the
   * middle of a native module it would take the whole process along (node-addon-api cannot throw in a thread that is being stopped).
   */
  end(): void
}

export function createControl(): ThreadControl {
  const { port1: own, port2: port } = new MessageChannel()
  let worker: Worker | undefined
  let state: 'loading' | 'ending soon' | 'loaded' | 'ending' = 'loading'
  const ask = (): void => {
    state = 'ending'
    // Threads have no origins.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    own.postMessage('end')
    setTimeout(() => void worker?.terminate(), patience).unref()
  }
  own.on('message', () => {
    if (state === 'ending soon') ask()
    else if (state === 'loading') state = 'loaded'
  })
  own.unref()
  return {
    port,
    watch(started) {
      worker = started
      worker.once('exit', () => own.close())
    },
    end() {
      if (state === 'loaded') ask()
      else if (state === 'loading') state = 'ending soon'
    },
  }
}

/** In the thread, when everything native has loaded. */
export function obeyControl(port: MessagePort): void {
  // eslint-disable-next-line unicorn/no-process-exit -- of the thread alone
  port.on('message', () => process.exit())
  port.unref()
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage('loaded')
}

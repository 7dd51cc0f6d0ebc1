import { BroadcastChannel } from 'node:worker_threads'

/** An event of `emitter`, on its way to the other threads of the process. */
export interface ThreadEvent {
  readonly id: number | string
  readonly priority: number
  readonly data: object
}

/** The way of the events of one thread to all others of its process, and of theirs here. */
export interface ThreadEvents extends Disposable {
  listen(listener: (event: ThreadEvent) => void): void
  /** What cannot be copied, such as a function, stays in this thread, and with it the event: as on the device, nobody is told. */
  send(event: ThreadEvent): void
}

/** It does not keep the process alive. */
export function openThreadEvents(): ThreadEvents {
  const channel = new BroadcastChannel('vpnext.emitter')
  channel.unref()
  return {
    listen(listener) {
      channel.addEventListener('message', (message) => {
        const event: unknown = Reflect.get(Object(message), 'data')
        if (isThreadEvent(event)) listener(event)
      })
      // A listener refs it again.
      channel.unref()
    },
    send(event) {
      try {
        // Threads have no origins.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        channel.postMessage(event)
      } catch {
        // DataCloneError.
      }
    },
    [Symbol.dispose]: () => channel.close(),
  }
}

function isThreadEvent(value: unknown): value is ThreadEvent {
  return (
    typeof value === 'object' && value !== null && 'id' in value && 'priority' in value && 'data' in value
  )
}

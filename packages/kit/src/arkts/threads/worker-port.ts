import type { MessagePort } from 'node:worker_threads'

import { numberParameter, textParameter } from '../../parameters.ts'
import { type Parcel, pack, unpack } from '../sendable/sendable-classes.ts'
import { taskError } from '../taskpool/task-error.ts'
import { callAndWait } from './global-calls.ts'
import { readTransfer } from './thread-worker.ts'
import { WorkerEventTarget, WorkerEvents, errorEvent, workerEvent } from './worker-events.ts'

type Handler = ((event: unknown) => void) | undefined

/** `worker.workerPort`: what a worker's own code sees of the thread that made it. */
export class WorkerPort extends WorkerEventTarget {
  onmessage: Handler
  onmessageerror: Handler
  onerror: Handler
  onunhandledrejection: Handler
  readonly name: string
  readonly self: this = this
  readonly #port: MessagePort
  readonly #calls: MessagePort
  readonly #events: WorkerEvents

  /** @param log takes what nobody handles */
  constructor(name: string, port: MessagePort, calls: MessagePort, log: (text: string) => void) {
    const events = new WorkerEvents()
    super(events)
    this.#events = events
    this.name = name
    this.#port = port
    this.#calls = calls
    port.on('message', (parcel: Parcel) => this.#message(unpack(parcel)))
    port.on('messageerror', (error) => {
      this.onmessageerror?.(workerEvent('messageerror', { data: error }))
    })
    process.on('unhandledRejection', (reason: unknown, promise) => {
      const event = workerEvent('unhandledrejection', { reason, promise })
      const heard = this.#events.tell(event)
      if (this.onunhandledrejection !== undefined) this.onunhandledrejection(event)
      else if (!heard)
        log(
          `unhandled rejection in a worker: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
        )
    })
  }

  /** @param options buffers that go there, or `{ transfer }`. @throws BusinessError 401, 10200006 */
  postMessage(message: unknown, options?: unknown): void {
    const transfer = readTransfer(options)
    try {
      // Threads have no origins.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      this.#port.postMessage(pack(message), transfer)
    } catch (error) {
      throw taskError(10200006, 'messageObject', error)
    }
  }

  /** As {@link postMessage}. */
  postMessageWithSharedSendable(message: unknown, options?: unknown): void {
    this.postMessage(message, options)
  }

  /** Ends the thread once what runs now is over. */
  close(): void {
    setImmediate(() => process.exit(0))
  }

  /**
   * Calls a method of an object that the maker has registered, and waits for what it returns.
   *
   * @param timeout milliseconds; 5000 for 0 and for more
   * @throws BusinessError 401, 10200006, 10200019, 10200020, 10200021; what the method throws
   */
  callGlobalCallObjectMethod(
    instance: unknown,
    method: unknown,
    timeout: unknown,
    ...args: unknown[]
  ): unknown {
    const call = {
      instance: textParameter(instance, 'instanceName'),
      method: textParameter(method, 'methodName'),
      args,
    }
    return callAndWait(this.#calls, call, numberParameter(timeout, 'timeout'))
  }

  #message(data: unknown): void {
    const event = workerEvent('message', { data })
    try {
      this.onmessage?.(event)
      this.#events.tell(event)
    } catch (error) {
      const told = errorEvent('error', error)
      this.onerror?.(told)
      this.#events.tell(told)
      throw error
    }
  }
}

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'

import { listParameter, objectParameter, parameterError, textParameter } from '../../parameters.ts'
import { type Parcel, pack, unpack } from '../sendable/sendable-classes.ts'
import { taskError } from '../taskpool/task-error.ts'
import { answerCalls } from './global-calls.ts'
import { type ThreadControl, createControl } from './thread-control.ts'
import { threadData } from './thread-place.ts'
import { WorkerEventTarget, WorkerEvents, errorEvent, workerEvent } from './worker-events.ts'
import { findWorkerScript } from './worker-scripts.ts'

/** A handler that code sets as a member. */
type Handler = ((event: unknown) => void) | undefined

/** `worker.ThreadWorker`: a thread with a script of the bundle, as its maker sees it. */
export class ThreadWorker extends WorkerEventTarget {
  onexit: ((code: number) => void) | undefined
  onerror: Handler
  onAllErrors: Handler
  onmessage: Handler
  onmessageerror: Handler
  readonly #events: WorkerEvents
  readonly #objects = new Map<string, object>()
  readonly #calls: MessagePort
  readonly #control: ThreadControl
  #worker: Worker | undefined
  #asked = false

  /** @throws BusinessError 401, 10200003, 10200007 */
  constructor(bundleFolder: string, url: unknown, options: unknown) {
    const events = new WorkerEvents()
    super(events)
    this.#events = events
    const script = findWorkerScript(bundleFolder, textParameter(url, 'scriptURL'))
    const name = readName(options)
    const { port1, port2 } = new MessageChannel()
    this.#calls = port1
    answerCalls(port1, this.#objects)
    this.#control = createControl()
    const control = this.#control.port
    try {
      const data = threadData({ kind: 'worker', script, name, calls: port2, control })
      this.#worker = new Worker(script, { workerData: data, transferList: [port2, control], name })
    } catch (error) {
      port1.close()
      throw taskError(10200003, 'scriptURL', error)
    }
    this.#control.watch(this.#worker)
    this.#worker.on('message', (parcel: Parcel) => this.#message(unpack(parcel)))
    this.#worker.on('messageerror', (error) =>
      this.#tell('messageerror', { data: error }, this.onmessageerror),
    )
    this.#worker.on('error', (error) => this.#failed(error))
    this.#worker.on('exit', (code) => this.#exited(code))
  }

  /** @param options buffers that go there, or `{ transfer }`. @throws BusinessError 401, 10200004, 10200006 */
  postMessage(message: unknown, options?: unknown): void {
    const transfer = readTransfer(options)
    if (this.#worker === undefined) throw taskError(10200004, 'postMessage')
    try {
      // Threads have no origins.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      this.#worker.postMessage(pack(message), transfer)
    } catch (error) {
      throw taskError(10200006, 'message', error)
    }
  }

  /** What can be shared on a device is copied here, as by {@link postMessage}. */
  postMessageWithSharedSendable(message: unknown, options?: unknown): void {
    this.postMessage(message, options)
  }

  /** Has the worker call methods of an object here. @throws BusinessError 401, 10200004 */
  registerGlobalCallObject(name: unknown, object: unknown): void {
    if (this.#worker === undefined) throw taskError(10200004, 'registerGlobalCallObject')
    this.#objects.set(textParameter(name, 'instanceName'), objectParameter(object, 'globalCallObject'))
  }
  /** Without a name: all. @throws BusinessError 401, 10200004 */
  unregisterGlobalCallObject(name?: unknown): void {
    if (this.#worker === undefined) throw taskError(10200004, 'unregisterGlobalCallObject')
    if (name === undefined) this.#objects.clear()
    else this.#objects.delete(textParameter(name, 'instanceName'))
  }

  /** @throws BusinessError 10200004 when it has ended */
  terminate(): void {
    if (this.#worker === undefined) throw taskError(10200004, 'terminate')
    this.#asked = true
    this.#control.end()
    this.#worker = undefined
  }

  /** Ends it, if it has not ended. */
  [Symbol.dispose](): void {
    if (this.#worker !== undefined) this.terminate()
  }

  #message(data: unknown): void {
    if (!this.#asked) this.#tell('message', { data }, this.onmessage)
  }

  #tell(type: string, members: object, handler: Handler): void {
    const event = workerEvent(type, members)
    handler?.(event)
    this.#events.tell(event)
  }

  #failed(error: unknown): void {
    const event = errorEvent('error', error)
    this.onAllErrors?.(event)
    this.onerror?.(event)
    this.#events.tell(event)
  }

  #exited(code: number): void {
    this.#worker = undefined
    this.#calls.close()
    const told = this.#asked ? 0 : code
    this.onexit?.(told)
    this.#events.tell(workerEvent('exit', { code: told }))
  }
}

function readName(options: unknown): string {
  if (options === undefined || options === null) return ''
  const name: unknown = Reflect.get(objectParameter(options, 'options'), 'name')
  return name === undefined ? '' : textParameter(name, 'options.name')
}

/** @throws BusinessError 401 */
export function readTransfer(options: unknown): ArrayBuffer[] {
  if (options === undefined || options === null) return []
  const list: unknown = Array.isArray(options)
    ? options
    : Reflect.get(objectParameter(options, 'options'), 'transfer')
  if (list === undefined) return []
  return listParameter(list, 'transfer', (value, field) => {
    if (!(value instanceof ArrayBuffer)) throw parameterError(field, 'is not an ArrayBuffer')
    return value
  })
}

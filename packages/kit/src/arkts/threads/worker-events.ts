import { type AnyFunction, functionParameter, objectParameter, textParameter } from '../../parameters.ts'

/** What listeners get. */
export interface WorkerEvent {
  readonly type: string
  readonly timeStamp: number
  readonly [member: string]: unknown
}

/** The listeners of one end of a worker, as `on`, `addEventListener` and their like have it. */
export class WorkerEvents {
  readonly #listeners = new Map<string, Map<AnyFunction, boolean>>()

  /** @throws BusinessError 401 */
  add(type: unknown, listener: unknown, once: boolean): void {
    const name = textParameter(type, 'type')
    const all = this.#listeners.get(name) ?? new Map<AnyFunction, boolean>()
    all.set(functionParameter(listener, 'listener'), once)
    this.#listeners.set(name, all)
  }

  /** Without a listener: all of that type. @throws BusinessError 401 */
  remove(type: unknown, listener?: unknown): void {
    const name = textParameter(type, 'type')
    if (listener === undefined) this.#listeners.delete(name)
    else this.#listeners.get(name)?.delete(functionParameter(listener, 'callback'))
  }

  clear(): void {
    this.#listeners.clear()
  }

  /** @returns whether anybody heard */
  tell(event: WorkerEvent): boolean {
    const all = this.#listeners.get(event.type)
    if (all === undefined || all.size === 0) return false
    for (const [listener, once] of new Map(all)) {
      if (once) all.delete(listener)
      listener(event)
    }
    return true
  }
}

/** What both ends of a worker offer code that listens (HarmonyOS, `WorkerEventTarget`). */
export class WorkerEventTarget {
  readonly #events: WorkerEvents

  constructor(events: WorkerEvents) {
    this.#events = events
  }

  on(type: unknown, listener: unknown): void {
    this.#events.add(type, listener, false)
  }
  once(type: unknown, listener: unknown): void {
    this.#events.add(type, listener, true)
  }
  off(type: unknown, listener?: unknown): void {
    this.#events.remove(type, listener)
  }
  addEventListener(type: unknown, listener: unknown): void {
    this.#events.add(type, listener, false)
  }
  removeEventListener(type: unknown, listener?: unknown): void {
    this.#events.remove(type, listener)
  }
  removeAllListener(): void {
    this.#events.clear()
  }
  dispatchEvent(event: unknown): boolean {
    const given = objectParameter(event, 'event')
    return this.#events.tell(workerEvent(textParameter(Reflect.get(given, 'type'), 'event.type'), given))
  }
}

export function workerEvent(type: string, members: object = {}): WorkerEvent {
  return { type, timeStamp: performance.now(), ...members }
}

/** What an error is to `onerror`. */
export function errorEvent(type: string, error: unknown): WorkerEvent {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const [, filename = '', line = '0', column = '0'] =
    /\(?((?:file:\/\/)?\/[^\s()]+?):(\d+):(\d+)\)?/.exec(error instanceof Error ? (error.stack ?? '') : '') ??
    []
  return workerEvent(type, { message, filename, lineno: Number(line), colno: Number(column), error })
}

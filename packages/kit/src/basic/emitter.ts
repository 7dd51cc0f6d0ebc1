import { setImmediate } from 'node:timers'

import {
  functionParameter,
  integerParameter,
  objectParameter,
  optionalMember,
  parameterError,
} from '../parameters.ts'
import type { Owned } from '../owned.ts'
import { provide } from '../provided.ts'
import { type ThreadEvent, type ThreadEvents, openThreadEvents } from './thread-events.ts'

/** `emitter.EventPriority`, the most urgent first. */
const eventPriority = { IMMEDIATE: 0, HIGH: 1, LOW: 2, IDLE: 3 } as const
const priorities = Object.values<number>(eventPriority)
/** Longest name of an event, in bytes. */
const maxName = 10_240

interface Listener {
  readonly call: (data: object) => unknown
  readonly once: boolean
}

/**
 * `emitter` of `@kit.BasicServicesKit`: events inside one process, by number or name, between its threads too. `emit` returns at once; listeners
 * are called afterwards, those of more urgent events first.
 *
 * @param owned takes the way to the other threads
 */
export function emitterNamespace(owned: Owned): object {
  const threads = openThreadEvents()
  owned.add(threads)
  return provide('emitter', {
    ...newEmitter(threads),
    Emitter,
    EventPriority: provide('emitter.EventPriority', eventPriority),
  })
}

/** The calls of one emitter. */
interface EmitterCalls {
  on(event: unknown, ...args: unknown[]): void
  once(event: unknown, ...args: unknown[]): void
  off(event: unknown, callback?: unknown): void
  emit(event: unknown, ...args: unknown[]): void
  getListenerCount(event: unknown): number
}

/** `new emitter.Emitter()`: events that only those hear who have it. */
class Emitter {
  readonly on: EmitterCalls['on']
  readonly once: EmitterCalls['once']
  readonly off: EmitterCalls['off']
  readonly emit: EmitterCalls['emit']
  readonly getListenerCount: EmitterCalls['getListenerCount']

  constructor() {
    const calls = newEmitter()
    this.on = (...args) => calls.on(...args)
    this.once = (...args) => calls.once(...args)
    this.off = (...args) => calls.off(...args)
    this.emit = (...args) => calls.emit(...args)
    this.getListenerCount = (...args) => calls.getListenerCount(...args)
  }
}

/** @param threads where events come from and go to besides this emitter; absent: nowhere */
function newEmitter(threads?: ThreadEvents): EmitterCalls {
  const listeners = new Map<number | string, Listener[]>()
  const queues: (() => void)[][] = priorities.map(() => [])
  let scheduled = false

  const add = (event: unknown, args: readonly unknown[], once: boolean): void => {
    // The callback is the last one; in newer versions options stand before it.
    const call = functionParameter(args.at(-1), 'callback')
    const id = eventId(event)
    const all = listeners.get(id) ?? []
    if (!all.some((listener) => listener.call === call)) listeners.set(id, [...all, { call, once }])
  }
  const run = (): void => {
    const next = queues.find((queue) => queue.length > 0)?.shift()
    scheduled = next !== undefined
    if (next === undefined) return
    // Before the listeners: what one throws is an uncaught exception, and the rest goes on.
    setImmediate(run)
    next()
  }
  const deliver = (id: number | string, data: object): void => {
    const all = listeners.get(id) ?? []
    const lasting = all.filter(({ once }) => !once)
    if (lasting.length > 0) listeners.set(id, lasting)
    else listeners.delete(id)
    for (const { call } of all) call(data)
  }

  const enqueue = ({ id, priority, data }: ThreadEvent): void => {
    queues[priority]?.push(() => deliver(id, data))
    if (!scheduled) setImmediate(run)
    scheduled = true
  }
  threads?.listen(enqueue)

  return {
    on: (event: unknown, ...args: unknown[]) => add(event, args, false),
    once: (event: unknown, ...args: unknown[]) => add(event, args, true),
    off: (event: unknown, callback?: unknown) => {
      const id = eventId(event)
      const call = callback === undefined ? undefined : functionParameter(callback, 'callback')
      const rest = listeners.get(id)?.filter((listener) => call !== undefined && listener.call !== call) ?? []
      listeners.set(id, rest)
    },
    /** `emit(event, data?)` or `emit(name, options, data?)`. */
    emit: (event: unknown, ...args: unknown[]) => {
      const id = eventId(event)
      const { priority, data } =
        typeof event === 'string' ? namedEmission(args) : numberedEmission(event, args)
      enqueue({ id, priority, data })
      threads?.send({ id, priority, data })
    },
    getListenerCount: (event: unknown) => listeners.get(eventId(event))?.length ?? 0,
  }
}

/** An `InnerEvent` has a number, which `off` takes without it; other events have a name. @throws BusinessError 401 */
function eventId(event: unknown): number | string {
  if (typeof event === 'number') return integerParameter(event, 'eventId')
  if (typeof event === 'string') {
    if (event !== '' && Buffer.byteLength(event) <= maxName) return event
    throw parameterError('eventId', `has not 1 to ${maxName} bytes`)
  }
  return integerParameter(Reflect.get(objectParameter(event, 'event'), 'eventId'), 'event.eventId')
}

function numberedEmission(event: unknown, [data]: readonly unknown[]): { priority: number; data: object } {
  return { priority: priorityOf(objectParameter(event, 'event'), 'event'), data: dataOf(data) }
}

/** Data have a member `data`, options have one `priority`. */
function namedEmission([first, second]: readonly unknown[]): { priority: number; data: object } {
  if (first === undefined) return { priority: eventPriority.LOW, data: {} }
  const options = objectParameter(first, 'options')
  if (second === undefined && 'data' in options) return { priority: eventPriority.LOW, data: options }
  return { priority: priorityOf(options, 'options'), data: dataOf(second) }
}

function priorityOf(object: object, field: string): number {
  const priority = optionalMember(object, 'priority', field, (value, path) =>
    integerParameter(value, path, 0, 3),
  )
  return priority ?? eventPriority.LOW
}

function dataOf(value: unknown): object {
  return value === undefined || value === null ? {} : objectParameter(value, 'data')
}

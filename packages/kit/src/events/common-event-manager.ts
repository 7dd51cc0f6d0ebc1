import { setImmediate } from 'node:timers'

import type { ApiCallback } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import { bothForms, callForms } from '../call-forms.ts'
import {
  type AnyFunction,
  booleanParameter,
  functionParameter,
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import { CommonEventSubscriber, type SubscribeInfo } from './common-event-subscriber.ts'
import type { EventCalls, EventDelivery, EventPublication, EventResult } from './event-calls.ts'
import { support } from './support.ts'

/** Longest name of an event, in bytes; the device cuts longer ones. */
const maxEventBytes = 254
/** Bounds of a subscriber's priority; the device moves others to the nearest. */
const leastPriority = -100
const mostPriority = 1000

interface Registration {
  readonly id: number
  readonly subscriber: CommonEventSubscriber
  callback: AnyFunction
}

/** The common events of one process. */
export class CommonEvents {
  readonly #service: EventCalls
  readonly #byId = new Map<number, Registration>()
  #nextId = 1

  constructor(service: EventCalls) {
    this.#service = service
  }

  publish(publication: EventPublication): Promise<void> {
    return this.#service.publishEvent(publication)
  }

  /** The callback hears `(null, data)` for every event, or once `(error)` when there will be none. */
  async subscribe(subscriber: CommonEventSubscriber, callback: AnyFunction): Promise<void> {
    const known = this.#find(subscriber)
    if (known !== undefined) {
      known.callback = callback
      return
    }
    const id = this.#nextId++
    this.#byId.set(id, { id, subscriber, callback })
    const { events, publisherPermission, publisherBundleName, priority } =
      CommonEventSubscriber.infoOf(subscriber)
    try {
      await this.#service.subscribeEvents({
        subscriber: id,
        events: [...events],
        priority,
        ...(publisherPermission !== undefined && { publisherPermission }),
        ...(publisherBundleName !== undefined && { publisherBundleName }),
      })
    } catch (error) {
      this.#byId.delete(id)
      callback(error)
    }
  }

  async unsubscribe(subscriber: CommonEventSubscriber): Promise<void> {
    const known = this.#find(subscriber)
    if (known === undefined) return
    this.#byId.delete(known.id)
    await this.#service.unsubscribeEvents(known.id)
  }

  /** An event has come from the service. @returns what becomes of an ordered one, once its subscriber has finished */
  deliver(delivery: EventDelivery): Promise<EventResult> {
    const registration = this.#byId.get(delivery.subscriber)
    if (registration === undefined) return Promise.resolve({ aborted: false })
    const result = CommonEventSubscriber.take(registration.subscriber, delivery)
    const { event, bundleName = '', code = 0, data = '', parameters = {} } = delivery
    try {
      registration.callback(null, { event, bundleName, code, data, parameters })
    } catch (error) {
      // The extension's own mistake, and no answer to the service.
      setImmediate(() => {
        throw error
      })
    }
    return result
  }

  #find(subscriber: CommonEventSubscriber): Registration | undefined {
    return [...this.#byId.values()].find((registration) => registration.subscriber === subscriber)
  }
}

/** `commonEventManager` of `@kit.BasicServicesKit`. */
export function commonEventManagerNamespace(events: CommonEvents): object {
  return provide('commonEventManager', {
    ...bothForms({
      createSubscriber: callForms({
        read: ([info]) => readSubscribeInfo(info),
        now: (info) => new CommonEventSubscriber(info),
      }),
    }),
    publish: (...args: unknown[]) => {
      const callback = args.at(-1)
      if (!isCallback<void>(callback)) throw parameterError('callback', 'is not a function')
      const publication = readPublication(args[0], args.length > 2 ? args[1] : undefined)
      void settle(events.publish(publication), nullForSuccess(callback))
    },
    subscribe: (subscriber: unknown, callback: unknown) => {
      void events.subscribe(subscriberParameter(subscriber), functionParameter(callback, 'callback'))
    },
    /** The newer form: its callback hears data alone. Rejects when there will be none. */
    subscribeToEvent: async (subscriber: unknown, callback: unknown) => {
      const [wanted, hear] = [subscriberParameter(subscriber), functionParameter(callback, 'callback')]
      let failure: unknown
      await events.subscribe(wanted, (error, data) => {
        if (error === null) return hear(data)
        failure = error
        return undefined
      })
      if (failure !== undefined) throw failure
    },
    unsubscribe: (subscriber: unknown, callback?: unknown) => {
      const done = events.unsubscribe(subscriberParameter(subscriber))
      if (isCallback<void>(callback)) void settle(done, nullForSuccess(callback))
      else done.catch(() => undefined)
    },
    Support: provide('commonEventManager.Support', support),
  })
}

/** What devices give the callbacks of common events for an error that there was not; those of other kits get undefined. */
function nullForSuccess(callback: ApiCallback<void>): ApiCallback<void> {
  return (error, data) => {
    Reflect.apply(callback, undefined, [error ?? null, data])
  }
}

function subscriberParameter(value: unknown): CommonEventSubscriber {
  if (CommonEventSubscriber.is(value)) return value
  throw parameterError('subscriber', 'is not a CommonEventSubscriber')
}

function readSubscribeInfo(value: unknown): SubscribeInfo {
  const field = 'subscribeInfo'
  const info = objectParameter(value, field)
  const text = (name: string): string | undefined => optionalMember(info, name, field, textParameter)
  const publisherPermission = text('publisherPermission')
  const publisherBundleName = text('publisherBundleName')
  const publisherDeviceId = text('publisherDeviceId')
  const userId = optionalMember(info, 'userId', field, (id, path) => integerParameter(id, path))
  const priority =
    optionalMember(info, 'priority', field, (number, path) => integerParameter(number, path)) ?? 0
  return {
    events: listParameter(Reflect.get(info, 'events'), `${field}.events`, eventParameter),
    priority: Math.min(mostPriority, Math.max(leastPriority, priority)),
    ...(publisherPermission !== undefined && { publisherPermission }),
    ...(publisherBundleName !== undefined && { publisherBundleName }),
    ...(publisherDeviceId !== undefined && { publisherDeviceId }),
    ...(userId !== undefined && { userId }),
  }
}

function readPublication(event: unknown, value: unknown): EventPublication {
  const options = value === undefined || value === null ? {} : objectParameter(value, 'options')
  const text = (name: string): string | undefined => optionalMember(options, name, 'options', textParameter)
  const flag = (name: string): boolean => optionalMember(options, name, 'options', booleanParameter) ?? false
  const bundleName = text('bundleName')
  const data = text('data')
  const code = optionalMember(options, 'code', 'options', (number, path) => integerParameter(number, path))
  const parameters = optionalMember(options, 'parameters', 'options', jsonParameter)
  return {
    event: eventParameter(event, 'event'),
    subscriberPermissions:
      optionalMember(options, 'subscriberPermissions', 'options', (list, path) =>
        listParameter(list, path, textParameter),
      ) ?? [],
    ordered: flag('isOrdered'),
    sticky: flag('isSticky'),
    ...(bundleName !== undefined && { bundleName }),
    ...(code !== undefined && { code }),
    ...(data !== undefined && { data }),
    ...(parameters !== undefined && { parameters }),
  }
}

/** Cut where the device cuts it, but not inside a character. */
function eventParameter(value: unknown, field: string): string {
  const bytes = Buffer.from(textParameter(value, field))
  if (bytes.length <= maxEventBytes) return bytes.toString()
  return new TextDecoder().decode(bytes.subarray(0, maxEventBytes)).replace(/\uFFFD+$/, '')
}

/** A copy that JSON can carry. @throws BusinessError 401 */
function jsonParameter(value: unknown, field: string): object {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(objectParameter(value, field)))
    return objectParameter(copy, field)
  } catch {
    throw parameterError(field, 'is not an object that JSON can hold')
  }
}

import { BusinessError } from '@vpnext/api'

import { asyncForm } from '../call-forms.ts'
import {
  functionParameter,
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import type { LogLine } from '../runtime.ts'

const eventType = { FAULT: 1, STATISTIC: 2, SECURITY: 3, BEHAVIOR: 4 } as const
const eventNames = {
  USER_LOGIN: 'hiappevent.user_login',
  USER_LOGOUT: 'hiappevent.user_logout',
  DISTRIBUTED_SERVICE_START: 'hiappevent.distributed_service_start',
  APP_CRASH: 'APP_CRASH',
  APP_FREEZE: 'APP_FREEZE',
  APP_LAUNCH: 'APP_LAUNCH',
  SCROLL_JANK: 'SCROLL_JANK',
  CPU_USAGE_HIGH: 'CPU_USAGE_HIGH',
  BATTERY_USAGE: 'BATTERY_USAGE',
  RESOURCE_OVERLIMIT: 'RESOURCE_OVERLIMIT',
  ADDRESS_SANITIZER: 'ADDRESS_SANITIZER',
  MAIN_THREAD_JANK: 'MAIN_THREAD_JANK',
} as const
const parameterNames = {
  USER_ID: 'user_id',
  DISTRIBUTED_SERVICE_NAME: 'ds_name',
  DISTRIBUTED_SERVICE_INSTANCE_ID: 'ds_instance_id',
} as const

interface AppEvent {
  readonly domain: string
  readonly name: string
  readonly eventType: number
  readonly params: object
}

interface Watcher {
  readonly filters: readonly { readonly domain: string; readonly names: readonly string[] | undefined }[]
  readonly hear: (event: AppEvent) => void
}

/** What a watcher has not taken yet. */
class EventHolder {
  #events: AppEvent[] = []
  /** The same as JSON, and its length together, in UTF-16 units. */
  #texts: string[] = []
  #size = 0

  add(event: AppEvent): void {
    const text = JSON.stringify(event)
    this.#events.push(event)
    this.#texts.push(text)
    this.#size += text.length
  }
  get amount(): { row: number; size: number } {
    return { row: this.#events.length, size: this.#size }
  }
  /** How much `takeNext` gives is not limited here. */
  setSize(size: unknown): void {
    integerParameter(size, 'size', 0)
  }
  setRow(row: unknown): void {
    integerParameter(row, 'size', 1)
  }
  takeNext(): object | null {
    const [appEventInfos, data, { row, size }] = [this.#events, this.#texts, this.amount]
    if (row === 0) return null
    this.#events = []
    this.#texts = []
    this.#size = 0
    return { packageId: 0, row, size, data, appEventInfos }
  }
}

/**
 * `hiAppEvent` of `@kit.PerformanceAnalysisKit`: what the application writes is a line of the log, and goes to the watchers of its process. The system writes no
 * events here.
 */
export function hiAppEventNamespace(log: (line: LogLine) => void): object {
  const watchers = new Map<string, Watcher>()
  const users = new Map<string, string>()
  const properties = new Map<string, string>()
  const publish = (event: AppEvent): void => {
    log({
      level: 'info',
      domain: 0,
      tag: 'event',
      message: `${event.domain}.${event.name} ${JSON.stringify(event.params)}`,
    })
    for (const { filters, hear } of watchers.values()) {
      const wanted =
        filters.length === 0 ||
        filters.some(
          ({ domain, names }) =>
            domain === event.domain && (names === undefined || names.includes(event.name)),
        )
      if (wanted) hear(event)
    }
  }
  return provide('hiAppEvent', {
    write: asyncForm(readEvent, async (event) => publish(event)),
    addWatcher: (value: unknown) => {
      const watcher = objectParameter(value, 'watcher')
      const name = nameParameter(
        Reflect.get(watcher, 'name'),
        'watcher.name',
        11102001,
        'Invalid watcher name.',
      )
      const filters =
        optionalMember(watcher, 'appEventFilters', 'watcher', (list, field) =>
          listParameter(list, field, readFilter),
        ) ?? []
      const holder = new EventHolder()
      watchers.set(name, { filters, hear: listenerOf(watcher, holder) })
      return holder
    },
    removeWatcher: (value: unknown) => {
      const name: unknown = Reflect.get(objectParameter(value, 'watcher'), 'name')
      watchers.delete(textParameter(name, 'watcher.name'))
    },
    /** Whether and how much is stored: nothing is. */
    configure: (config: unknown) => void objectParameter(config, 'config'),
    clearData: () => undefined,
    setUserId: (name: unknown, value: unknown) => put(users, name, value),
    getUserId: (name: unknown) => users.get(textParameter(name, 'name')) ?? '',
    setUserProperty: (name: unknown, value: unknown) => put(properties, name, value),
    getUserProperty: (name: unknown) => properties.get(textParameter(name, 'name')) ?? '',
    EventType: provide('hiAppEvent.EventType', eventType),
    domain: provide('hiAppEvent.domain', { OS: 'OS' }),
    event: provide('hiAppEvent.event', eventNames),
    param: provide('hiAppEvent.param', parameterNames),
  })
}

/** `onReceive` hears of each event; else they are kept for `takeNext`, and `onTrigger` hears once there are enough rows or bytes. */
function listenerOf(watcher: object, holder: EventHolder): (event: AppEvent) => void {
  const onReceive = optionalMember(watcher, 'onReceive', 'watcher', functionParameter)
  if (onReceive !== undefined)
    return (event) => onReceive(event.domain, [{ name: event.name, appEventInfos: [event] }])
  const onTrigger = optionalMember(watcher, 'onTrigger', 'watcher', functionParameter)
  const condition =
    optionalMember(watcher, 'triggerCondition', 'watcher', (given) =>
      objectParameter(given, 'triggerCondition'),
    ) ?? {}
  const limit = (name: string): number =>
    optionalMember(condition, name, 'triggerCondition', (given, field) =>
      integerParameter(given, field, 0),
    ) || Infinity
  const [rows, bytes] = [limit('row'), limit('size')]
  return (event) => {
    holder.add(event)
    const { row, size } = holder.amount
    if (row >= rows || size >= bytes) onTrigger?.(row, size, holder)
  }
}

function put(into: Map<string, string>, name: unknown, value: unknown): void {
  into.set(textParameter(name, 'name'), textParameter(value, 'value'))
}

function readEvent([value]: readonly unknown[]): AppEvent {
  const info = objectParameter(value, 'info')
  return {
    domain: nameParameter(Reflect.get(info, 'domain'), 'info.domain', 11101001, 'Invalid event domain.'),
    name: nameParameter(Reflect.get(info, 'name'), 'info.name', 11101002, 'Invalid event name.'),
    eventType: integerParameter(Reflect.get(info, 'eventType'), 'info.eventType', 1, 4),
    params: objectParameter(Reflect.get(info, 'params'), 'info.params'),
  }
}

function readFilter(value: unknown, field: string): { domain: string; names: string[] | undefined } {
  const filter = objectParameter(value, field)
  return {
    domain: textParameter(Reflect.get(filter, 'domain'), `${field}.domain`),
    names: optionalMember(filter, 'names', field, (names, path) => listParameter(names, path, textParameter)),
  }
}

/** A letter, then letters, digits, `_`, and dots between them. */
function nameParameter(value: unknown, field: string, code: number, message: string): string {
  const name = textParameter(value, field)
  if (/^[a-z$][\w$]*(?:\.[\w$]+)*$/i.test(name) && name.length <= 48) return name
  throw new BusinessError(code, message, { field, reason: `${JSON.stringify(name)} is no such name` })
}

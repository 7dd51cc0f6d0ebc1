import {
  booleanParameter,
  functionParameter,
  integerParameter,
  optionalParameter,
  textParameter,
} from '../parameters.ts'
import { rdbError, rdbUnsupported } from './rdb-error.ts'

type Observer = (...values: unknown[]) => unknown

/** Events that a device has and nothing here tells of. */
const untold: ReadonlySet<string> = new Set(['statistics', 'sqliteErrorOccurred', 'perfStat'])
/** `SubscribeType.SUBSCRIBE_TYPE_LOCAL_DETAILS`. */
const localDetails = 3

/** `on`, `off` and `emit` of a store: events that its own process makes. Nothing comes from other devices or a cloud. */
export class ChangeObservers {
  readonly #byEvent = new Map<string, Set<Observer>>()

  /** @throws BusinessError 401, 801, 14800050 */
  on(...args: readonly unknown[]): void {
    const [event, observer] = this.#read(args)
    const known = this.#byEvent.get(event) ?? new Set()
    this.#byEvent.set(event, known.add(functionParameter(observer, 'observer')))
  }

  off(...args: readonly unknown[]): void {
    const [event, observer] = this.#read(args)
    const given = optionalParameter(observer, 'observer', functionParameter)
    if (given === undefined) this.#byEvent.delete(event)
    else this.#byEvent.get(event)?.delete(given)
  }

  emit(event: unknown): void {
    for (const observer of this.#byEvent.get(textParameter(event, 'event')) ?? []) {
      // What one throws is an uncaught exception, and no reason for the others not to hear.
      setImmediate(observer)
    }
  }

  /** @returns the event's name, and the observer, unread */
  #read([name, kind, observer]: readonly unknown[]): [string, unknown] {
    const event = textParameter(name, 'event')
    if (untold.has(event)) throw rdbUnsupported('event', `nothing tells of ${event}`)
    if (event === 'autoSyncProgress') return [` ${event}`, kind]
    if (event === 'dataChange') {
      if (integerParameter(kind, 'type', 0, localDetails) === localDetails)
        throw rdbUnsupported('type', 'nothing tells which rows have changed')
      return [` ${event} ${String(kind)}`, observer]
    }
    if (booleanParameter(kind, 'interProcess'))
      throw rdbError(14800050, 'no service tells the processes of a bundle of each other’s events')
    return [event, observer]
  }
}

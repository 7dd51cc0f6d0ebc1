import { parameterError } from './parameters.ts'

type Listener = (...values: unknown[]) => void

/** The `on` and `off` of an object that tells of events. */
export class Listeners<Name extends string> {
  readonly #byName: ReadonlyMap<string, Set<Listener>>
  readonly #keep: 'all' | 'last'

  /**
   * @param keep `last`: of an event the listener that came last hears, and takes the place of the one before. So do the objects of the network kit on the
   * device (event_manager.cpp of netstack and of netmanager_base): code registers anew whenever it connects again
   */
  constructor(names: readonly Name[], keep: 'all' | 'last' = 'all') {
    this.#byName = new Map(names.map((name) => [name, new Set<Listener>()]))
    this.#keep = keep
  }

  /** @throws BusinessError 401 for an unknown event or no function */
  on(name: unknown, listener: unknown): void {
    if (!isListener(listener)) throw parameterError('callback', 'is not a function')
    const listeners = this.#of(name)
    if (this.#keep === 'last') listeners.clear()
    listeners.add(listener)
  }

  /** Without a listener: all of them. @throws BusinessError 401 */
  off(name: unknown, listener?: unknown): void {
    const listeners = this.#of(name)
    if (listener === undefined) listeners.clear()
    else if (isListener(listener)) listeners.delete(listener)
    else throw parameterError('callback', 'is not a function')
  }

  /** Nobody listens any more. */
  clear(): void {
    for (const listeners of this.#byName.values()) listeners.clear()
  }

  /** Calls the listeners; what one throws is an uncaught exception and does not keep the others from running. */
  emit(name: Name, ...values: unknown[]): void {
    for (const listener of this.#of(name)) {
      try {
        listener(...values)
      } catch (error) {
        setImmediate(() => {
          throw error
        })
      }
    }
  }

  isEmpty(name: Name): boolean {
    return this.#of(name).size === 0
  }

  #of(name: unknown): Set<Listener> {
    const listeners = typeof name === 'string' ? this.#byName.get(name) : undefined
    if (listeners === undefined)
      throw parameterError('type', `is not one of ${[...this.#byName.keys()].join(', ')}`)
    return listeners
  }
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function'
}

import { functionParameter, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'

type Listener = (...args: unknown[]) => unknown

/** `context.eventHub`: events by name, inside one process. Listeners are called at once, in the order they came. */
export class EventHub {
  readonly #listeners = new Map<string, Set<Listener>>()

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('EventHub'))
  }

  /** @throws BusinessError 401 */
  on(event: unknown, callback: unknown): void {
    const name = textParameter(event, 'event')
    const all = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, all.add(functionParameter(callback, 'callback')))
  }

  /** Without a callback: all of them. @throws BusinessError 401 */
  off(event: unknown, callback?: unknown): void {
    const name = textParameter(event, 'event')
    if (callback === undefined) this.#listeners.delete(name)
    else this.#listeners.get(name)?.delete(functionParameter(callback, 'callback'))
  }

  /** @throws BusinessError 401, and whatever a listener throws */
  emit(event: unknown, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(textParameter(event, 'event')) ?? []) listener(...args)
  }
}

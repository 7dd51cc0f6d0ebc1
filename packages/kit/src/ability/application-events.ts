import { isCallback, settle } from '../async-forms.ts'
import { isFunction, objectParameter, parameterError } from '../parameters.ts'

/** What becomes of a page, in the words of `AbilityLifecycleCallback` without the `on`. */
export type PageEvent =
  | 'AbilityWillCreate'
  | 'AbilityCreate'
  | 'WindowStageWillCreate'
  | 'WindowStageCreate'
  | 'AbilityWillForeground'
  | 'AbilityForeground'
  | 'WindowStageActive'
  | 'WillNewWant'
  | 'NewWant'
  | 'WindowStageInactive'
  | 'AbilityWillBackground'
  | 'AbilityBackground'
  | 'WindowStageWillDestroy'
  | 'WindowStageDestroy'
  | 'AbilityWillDestroy'
  | 'AbilityDestroy'

/** Of which the application as a whole hears, too: a process has one page. */
const ofApplication: Readonly<Partial<Record<PageEvent, string>>> = {
  AbilityForeground: 'onApplicationForeground',
  AbilityBackground: 'onApplicationBackground',
}

const numbered = ['abilityLifecycle', 'environment'] as const

/**
 * The `on` and `off` of `ApplicationContext`: `abilityLifecycle` and `applicationStateChange` tell of the pages of this process. `environment` can be
 * listened to, and never happens: language, colours and memory of a host do not change.
 */
export class ApplicationEvents {
  readonly #byNumber = { abilityLifecycle: new Map<number, object>(), environment: new Map<number, object>() }
  readonly #stateChange = new Set<object>()
  #last = 0

  /** @returns the listener's number; nothing for `applicationStateChange`. @throws BusinessError 401 */
  on(type: unknown, callback: unknown): number | undefined {
    const listener = objectParameter(callback, 'callback')
    if (type === 'applicationStateChange') {
      this.#stateChange.add(listener)
      return undefined
    }
    this.#last += 1
    this.#of(type).set(this.#last, listener)
    return this.#last
  }

  /**
   * `off(type, number, callback?)`, or `off('applicationStateChange', listener?)`.
   *
   * @throws BusinessError 401 for an unknown type; for a number that is none of its listeners the promise rejects so
   */
  off(...args: unknown[]): Promise<void> | undefined {
    const [type, which, callback] = args
    if (type === 'applicationStateChange') {
      if (which === undefined) this.#stateChange.clear()
      else this.#stateChange.delete(objectParameter(which, 'callback'))
      return undefined
    }
    const removed = typeof which === 'number' && this.#of(type).delete(which)
    const done = removed
      ? Promise.resolve()
      : Promise.reject(parameterError('callbackId', 'is the number of no listener'))
    return settle(done, isCallback<void>(callback) ? callback : undefined)
  }

  /** @param rest the page, and what the event is about */
  tell(event: PageEvent, ...rest: readonly unknown[]): void {
    for (const listener of this.#byNumber.abilityLifecycle.values()) call(listener, `on${event}`, rest)
    const name = ofApplication[event]
    if (name !== undefined) for (const listener of this.#stateChange) call(listener, name, [])
  }

  #of(type: unknown): Map<number, object> {
    const known = numbered.find((name) => name === type)
    if (known === undefined)
      throw parameterError('type', `is not one of ${[...numbered, 'applicationStateChange'].join(', ')}`)
    return this.#byNumber[known]
  }
}

/** What a listener throws is an uncaught exception, and keeps nobody else from hearing. */
function call(listener: object, name: string, args: readonly unknown[]): void {
  const method: unknown = Reflect.get(listener, name)
  if (!isFunction(method)) return
  try {
    Reflect.apply(method, listener, [...args])
  } catch (error) {
    setImmediate(() => {
      throw error
    })
  }
}

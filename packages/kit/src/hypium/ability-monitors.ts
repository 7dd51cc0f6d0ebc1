import { BusinessError } from '@vpnext/api'

import { isFunction, objectParameter, optionalMember, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'

/** What a test run hears of the pages of its bundle, which run in processes of their own. */
export interface PageNews {
  readonly moduleName: string
  readonly abilityName: string
  /** It is in the foreground now, or its process has ended. */
  readonly event: 'shown' | 'gone'
}

/** `abilityDelegatorRegistry.AbilityLifecycleState`. */
export const lifecycleState = {
  UNINITIALIZED: 0,
  CREATE: 1,
  FOREGROUND: 2,
  BACKGROUND: 3,
  DESTROY: 4,
} as const

/** What a monitor hears in turn: the page has been through all of it by then. */
const callbacks = {
  shown: ['onAbilityCreate', 'onWindowStageCreate', 'onAbilityForeground'],
  gone: ['onAbilityBackground', 'onWindowStageDestroy', 'onAbilityDestroy'],
} as const

interface Monitor {
  readonly abilityName: string
  /** Undefined: of any. */
  readonly moduleName: string | undefined
  /** The page that it has met first. */
  met: object | undefined
  readonly waiting: Set<(page: object) => void>
}

/** How long `waitAbilityMonitor` waits unless told otherwise, in ms, as on the device. */
const defaultTimeout = 5000

/** The monitors of a test run, and the pages it has heard of. Pages are told of by stand-ins, which name them. */
export class AbilityMonitors {
  readonly #bundleName: string
  readonly #monitors = new Map<object, Monitor>()
  /** Those that are there, the last shown last. */
  readonly #pages = new Map<string, object>()
  readonly #states = new WeakMap<object, number>()

  constructor(bundleName: string) {
    this.#bundleName = bundleName
  }

  /** @throws BusinessError 401 */
  add(monitor: unknown): void {
    const object = objectParameter(monitor, 'monitor')
    if (this.#monitors.has(object)) return
    this.#monitors.set(object, {
      abilityName: textParameter(Reflect.get(object, 'abilityName'), 'monitor.abilityName'),
      moduleName: optionalMember(object, 'moduleName', 'monitor', textParameter),
      met: undefined,
      waiting: new Set(),
    })
  }

  /** @throws BusinessError 401 */
  remove(monitor: unknown): void {
    this.#monitors.delete(objectParameter(monitor, 'monitor'))
  }

  /**
   * The page that a monitor has met, or meets within a time; the monitor is added.
   *
   * @param timeout in ms
   * @throws BusinessError 401; the promise rejects 16000100 when none comes
   */
  wait(monitor: unknown, timeout: number = defaultTimeout): Promise<object> {
    this.add(monitor)
    const known = this.#monitors.get(objectParameter(monitor, 'monitor'))
    if (known?.met !== undefined) return Promise.resolve(known.met)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        known?.waiting.delete(done)
        reject(delegatorError('waitAbilityMonitor', `no such page within ${timeout} ms`))
      }, timeout)
      const done = (page: object): void => {
        clearTimeout(timer)
        resolve(page)
      }
      known?.waiting.add(done)
    })
  }

  /** Monitors whose page it is hear of it. */
  tell({ moduleName, abilityName, event }: PageNews): void {
    const key = `${moduleName}/${abilityName}`
    const page = this.#pages.get(key) ?? this.#standIn(moduleName, abilityName)
    this.#pages.delete(key)
    if (event === 'shown') this.#pages.set(key, page)
    this.#states.set(page, event === 'shown' ? lifecycleState.FOREGROUND : lifecycleState.DESTROY)
    for (const [object, monitor] of this.#monitors) {
      if (monitor.abilityName !== abilityName || (monitor.moduleName ?? moduleName) !== moduleName) continue
      for (const name of callbacks[event]) callBack(object, name, page)
      if (event !== 'shown') continue
      monitor.met ??= page
      for (const done of monitor.waiting) done(page)
      monitor.waiting.clear()
    }
  }

  /** @throws BusinessError 401 for what is no page of a monitor */
  stateOf(page: unknown): number {
    const state = this.#states.get(objectParameter(page, 'ability'))
    if (state === undefined) throw parameterError('ability', 'is no page that this run knows')
    return state
  }

  /** The page that was shown last. @throws BusinessError 16000100 when there is none */
  top(): object {
    const last = [...this.#pages.values()].at(-1)
    if (last === undefined) throw delegatorError('getCurrentTopAbility', 'no page runs')
    return last
  }

  /** What a test may ask of a page of another process: what it is called. */
  #standIn(moduleName: string, abilityName: string): object {
    const abilityInfo = { bundleName: this.#bundleName, moduleName, name: abilityName }
    return provide('UIAbility', { context: provide('UIAbilityContext', { abilityInfo }) })
  }
}

/** An error of `AbilityDelegator`. */
function delegatorError(call: string, reason: string): BusinessError {
  return new BusinessError(16000100, `Calling ${call} failed.`, { reason })
}

/** What a monitor throws is an uncaught exception, and keeps nobody else from hearing. */
function callBack(monitor: object, name: string, page: object): void {
  const method: unknown = Reflect.get(monitor, name)
  if (!isFunction(method)) return
  try {
    Reflect.apply(method, monitor, [page])
  } catch (error) {
    setImmediate(() => {
      throw error
    })
  }
}

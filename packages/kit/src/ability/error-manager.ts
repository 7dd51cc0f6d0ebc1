import { businessError } from '@vpnext/api'

import { isCallback, settle } from '../async-forms.ts'
import type { Owned } from '../owned.ts'
import {
  type AnyFunction,
  functionParameter,
  integerParameter,
  objectParameter,
  parameterError,
} from '../parameters.ts'
import { provide } from '../provided.ts'

/**
 * `errorManager` of `@kit.AbilityKit`: hears of what nobody has caught. The host logs it too, and the process lives on either way.
 *
 * @param owned takes the observers
 */
export function errorManagerNamespace(owned: Owned): object {
  const observers = new Map<number, object>()
  const rejections = new Set<AnyFunction>()
  let nextId = 0
  const onException = (error: unknown): void => {
    for (const observer of observers.values()) {
      tell(
        observer,
        'onUnhandledException',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      )
      tell(observer, 'onException', error)
    }
  }
  const onRejection = (reason: unknown, promise: Promise<unknown>): void => {
    for (const hear of rejections) hear(reason, promise)
  }
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  owned.add({
    [Symbol.dispose]() {
      process.off('uncaughtException', onException)
      process.off('unhandledRejection', onRejection)
    },
  })
  return provide('errorManager', {
    on: (type: unknown, observer: unknown) => {
      if (type === 'error') {
        observers.set(nextId, objectParameter(observer, 'observer'))
        return nextId++
      }
      if (type !== 'unhandledRejection') throw unknownType(type)
      rejections.add(functionParameter(observer, 'observer'))
      return undefined
    },
    /** `off('error', id, callback?)`, `off('unhandledRejection', observer?)`. */
    off: (type: unknown, which?: unknown, callback?: unknown) => {
      if (type === 'unhandledRejection') {
        if (which === undefined) rejections.clear()
        else rejections.delete(functionParameter(which, 'observer'))
        return undefined
      }
      if (type !== 'error') throw unknownType(type)
      const gone = observers.delete(integerParameter(which, 'observerId'))
      const done = gone
        ? Promise.resolve()
        : Promise.reject(businessError(401, { field: 'observerId', reason: 'is no observer' }))
      return settle<void>(done, isCallback<void>(callback) ? callback : undefined)
    },
  })
}

/** What an observer throws is the next uncaught exception; it must not hear of that, for ever. */
function tell(observer: object, name: string, argument: unknown): void {
  const method: unknown = Reflect.get(observer, name)
  if (typeof method !== 'function') return
  try {
    Reflect.apply(method, observer, [argument])
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function unknownType(type: unknown): Error {
  return parameterError('type', `${String(type)} is not provided: error and unhandledRejection are`)
}

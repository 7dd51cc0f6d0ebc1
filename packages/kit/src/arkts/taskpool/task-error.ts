import { BusinessError } from '@vpnext/api'

/** Codes and texts of errorcode-utils in the HarmonyOS documents, as far as tasks and threads have them. */
const texts = {
  10200003: 'Worker initialization failed.',
  10200004: 'The Worker instance is not running.',
  10200006: 'An exception occurred during serialization.',
  10200007: 'The worker file path is invalid.',
  10200014: 'The function is not marked as concurrent.',
  10200015: 'The task to cancel does not exist.',
  10200018: 'The task group to cancel does not exist.',
  10200019: 'The globalCallObject is not registered.',
  10200020: 'The method to be called is not callable or is an async method or a generator.',
  10200021: 'The global call exceeds the timeout.',
  10200022: 'The function is not called in the TaskPool thread.',
  10200024: 'The callback is not registered on the host side.',
  10200025: 'dependent task not allowed.',
  10200026: 'There is a circular dependency.',
  10200027: 'The dependency does not exist.',
  10200028: 'The period or delayTime is less than zero.',
  10200029: 'An ArrayBuffer cannot be set as both a transfer list and a clone list.',
  10200034: 'The executed task does not support the registration of listeners.',
  10200050: 'The concurrent task has been executed and cannot be executed periodically.',
  10200051: 'The periodic task cannot be executed again.',
  10200052: 'The periodic task cannot have a dependency.',
  10200054: 'The asyncRunner task is discarded.',
  10200055: 'The asyncRunner task has been canceled.',
  10200057: 'The task cannot be executed by two APIs.',
} as const

export type TaskErrorCode = keyof typeof texts

export function taskError(code: TaskErrorCode, field: string, cause?: unknown): BusinessError {
  const reason = cause instanceof Error ? { reason: cause.message } : {}
  return new BusinessError(
    code,
    texts[code],
    { field, ...reason },
    cause === undefined ? undefined : { cause },
  )
}

/** What the promise of a cancelled task rejects with; the device gives it no code either. */
export function cancelled(): BusinessError {
  return new BusinessError(0, 'taskpool:: task has been canceled')
}

/** An error in a form that can go to another thread, where classes and members of its own would be lost. */
export interface SentError {
  readonly name: string
  readonly message: string
  readonly stack: string
  /** Of a BusinessError. */
  readonly code?: number
}

/** @returns what is no Error as it is */
export function sendableError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code: unknown = Reflect.get(error, 'code')
  const { name, message, stack = '' } = error
  return {
    [errorMark]: { name, message, stack, ...(typeof code === 'number' && { code }) } satisfies SentError,
  }
}

/** The opposite of {@link sendableError}. */
export function receivedError(value: unknown): unknown {
  const sent = sentError(value)
  if (sent === undefined) return value
  const { name, message, stack, code } = sent
  const error = code === undefined ? new Error(message) : new BusinessError(code, message)
  return Object.assign(error, { name, stack })
}

const errorMark = 'vpnext.error'

function sentError(value: unknown): SentError | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Reflect.get(value, errorMark)
  return isSentError(found) ? found : undefined
}

function isSentError(value: unknown): value is SentError {
  return (
    typeof value === 'object' && value !== null && 'message' in value && 'stack' in value && 'name' in value
  )
}

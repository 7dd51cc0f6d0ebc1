import { BusinessError } from '@vpnext/api'
import { clearTimeout, setTimeout } from 'node:timers'

import {
  booleanParameter,
  functionParameter,
  integerParameter,
  numberParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../../parameters.ts'

/** `ArkTSUtils.locks.AsyncLockMode`. */
export const asyncLockMode = { SHARED: 1, EXCLUSIVE: 2 } as const
type Mode = (typeof asyncLockMode)[keyof typeof asyncLockMode]

interface Request {
  readonly mode: Mode
  readonly begin: () => void
}

/** `ArkTSUtils.locks.AsyncLockOptions`. */
export class AsyncLockOptions {
  /** Whether to fail at once when the lock is held. */
  isAvailable = false
  signal: unknown = null
  /** Milliseconds; 0: as long as it takes. */
  timeout = 0
}

/** By name: locks of a thread that have one are the same lock. */
const named = new Map<string, AsyncLock>()
let anonymous = 0

/**
 * `ArkTSUtils.locks.AsyncLock`: whoever asks waits for its turn, in the order in which they asked; those who share go together. Threads of a process do not
 * share locks here.
 */
export class AsyncLock {
  readonly name: string
  readonly #waiting: Request[] = []
  readonly #held: Mode[] = []

  constructor(name?: unknown) {
    this.name = name === undefined ? `anonymous${++anonymous}` : textParameter(name, 'name')
  }

  /** The lock of a name, made when nobody has asked for it. */
  static request(name: unknown): AsyncLock {
    const text = textParameter(name, 'name')
    const lock = named.get(text) ?? new AsyncLock(text)
    named.set(text, lock)
    return lock
  }

  /** Who holds a lock, and who waits. @throws BusinessError 10200030 */
  static query(name: unknown): object {
    const text = textParameter(name, 'name')
    const lock = named.get(text)
    if (lock !== undefined) return lock.#state()
    throw new BusinessError(10200030, 'The lock does not exist.', {
      field: 'name',
      reason: `nobody asked for ${text}`,
    })
  }

  static queryAll(): object[] {
    return [...named.values()].map((lock) => lock.#state())
  }

  /**
   * Calls `callback` once the lock is there, and gives it back when that has ended.
   *
   * @throws BusinessError 401; rejects 10200031 past the time, the signal's reason when it aborts, and what `callback` fails with
   */
  async lockAsync(callback: unknown, mode?: unknown, options?: unknown): Promise<unknown> {
    const call = functionParameter(callback, 'callback')
    const wanted = modeParameter(mode)
    const { isAvailable, signal, timeout } = readOptions(options)
    if (signal?.aborted === true) throw signal.reason
    if (isAvailable && !this.#isFree(wanted)) throw timedOut('the lock is held')
    await this.#acquire(wanted, timeout, signal)
    try {
      return await call()
    } finally {
      this.#held.splice(this.#held.indexOf(wanted), 1)
      this.#next()
    }
  }

  #acquire(mode: Mode, timeout: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const settled = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const request: Request = {
        mode,
        begin: () => {
          settled()
          resolve()
        },
      }
      const giveUp = (reason: unknown): void => {
        settled()
        this.#waiting.splice(this.#waiting.indexOf(request), 1)
        reject(reason)
        this.#next()
      }
      const onAbort = (): void => giveUp(signal?.reason)
      const timer =
        timeout > 0 ? setTimeout(() => giveUp(timedOut(`waited for ${timeout} ms`)), timeout) : undefined
      signal?.addEventListener('abort', onAbort)
      this.#waiting.push(request)
      this.#next()
    })
  }

  #next(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.mode); next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#held.push(next.mode)
      next.begin()
    }
  }

  #isFree(mode: Mode): boolean {
    return this.#waiting.length === 0 && this.#fits(mode)
  }

  #fits(mode: Mode): boolean {
    return (
      this.#held.length === 0 ||
      (mode === asyncLockMode.SHARED && !this.#held.includes(asyncLockMode.EXCLUSIVE))
    )
  }

  #state(): object {
    const info = (mode: Mode): object => ({ name: this.name, mode, contextId: 0 })
    return {
      name: this.name,
      held: this.#held.map(info),
      pending: this.#waiting.map(({ mode }) => info(mode)),
    }
  }
}

function modeParameter(mode: unknown): Mode {
  if (mode === undefined) return asyncLockMode.EXCLUSIVE
  const number = integerParameter(mode, 'mode')
  if (number === asyncLockMode.SHARED || number === asyncLockMode.EXCLUSIVE) return number
  throw parameterError('mode', 'is neither SHARED nor EXCLUSIVE')
}

function readOptions(value: unknown): {
  isAvailable: boolean
  signal: AbortSignal | undefined
  timeout: number
} {
  const options = value === undefined || value === null ? {} : objectParameter(value, 'options')
  const signal: unknown = Reflect.get(options, 'signal') ?? undefined
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw parameterError('options.signal', 'is no signal')
  return {
    isAvailable: optionalMember(options, 'isAvailable', 'options', booleanParameter) ?? false,
    signal,
    timeout: optionalMember(options, 'timeout', 'options', numberParameter) ?? 0,
  }
}

function timedOut(reason: string): BusinessError {
  return new BusinessError(10200031, 'Timeout exceeded.', { reason })
}

import { AsyncLocalStorage } from 'node:async_hooks'

import { type Parcel, pack, unpack } from '../sendable/sendable-classes.ts'
import type { ConcurrentFunctions } from './concurrent-functions.ts'
import { sendableError, taskError } from './task-error.ts'

/** Asks a thread to run a function. */
export interface RunRequest {
  readonly id: number
  /** Of {@link ConcurrentFunctions}. */
  readonly function: number
  /** A list. */
  readonly args: Parcel
  /** One number, which becomes 1 when somebody cancels the task: a function that runs reads no messages. */
  readonly cancelled: SharedArrayBuffer
  /** Whether anybody receives what the task sends. */
  readonly hasReceiver: boolean
}

/** What a thread says of a task. */
export type RunReply =
  | { readonly kind: 'data'; readonly id: number; readonly args: Parcel }
  | { readonly kind: 'done'; readonly id: number; readonly value: Parcel }
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown }

interface Current {
  readonly request: RunRequest
  readonly reply: (reply: RunReply) => void
}

const current = new AsyncLocalStorage<Current>()

/**
 * Runs what another thread asks for, and says what becomes of it.
 *
 * @param reply may throw a DataCloneError
 */
export async function runTask(
  functions: ConcurrentFunctions,
  request: RunRequest,
  reply: (reply: RunReply) => void,
): Promise<void> {
  const { id } = request
  try {
    const value: unknown = await current.run({ request, reply }, () =>
      Reflect.apply(functions.get(request.function), undefined, listOf(request.args)),
    )
    try {
      reply({ kind: 'done', id, value: pack(value) })
    } catch (error) {
      throw taskError(10200006, 'result', error)
    }
  } catch (error) {
    reply({ kind: 'failed', id, error: sendableError(error) })
  }
}

/** The arguments in a parcel. */
export function listOf(parcel: Parcel): unknown[] {
  const value = unpack(parcel)
  return Array.isArray(value) ? value : []
}

/** `Task.isCanceled`: of the task that calls it; false outside of any. */
export function isCancelled(): boolean {
  const running = current.getStore()
  return running !== undefined && Atomics.load(new Int32Array(running.request.cancelled), 0) === 1
}

/** `Task.sendData`. @throws BusinessError 10200022, 10200024, 10200006 */
export function sendData(...args: unknown[]): void {
  const running = current.getStore()
  if (running === undefined) throw taskError(10200022, 'sendData')
  const { request, reply } = running
  if (!request.hasReceiver) throw taskError(10200024, 'sendData')
  try {
    reply({ kind: 'data', id: request.id, args: pack(args) })
  } catch (error) {
    throw taskError(10200006, 'args', error)
  }
}

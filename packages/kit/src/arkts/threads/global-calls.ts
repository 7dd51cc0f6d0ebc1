import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

import { isFunction } from '../../parameters.ts'
import { type TaskErrorCode, receivedError, sendableError, taskError } from '../taskpool/task-error.ts'

/** A call of a worker to an object of the thread that made it. */
interface Call {
  readonly instance: string
  readonly method: string
  readonly args: readonly unknown[]
  /** Takes the answer. */
  readonly reply: MessagePort
  /** One number, which becomes 1 with the answer. */
  readonly done: SharedArrayBuffer
}

type Answer = { readonly value: unknown } | { readonly refused: TaskErrorCode } | { readonly thrown: unknown }

/** Milliseconds that a call may take at most, and when nobody says. */
const longest = 5000

/** Answers the calls that come by a port. It does not keep the process alive. */
export function answerCalls(port: MessagePort, objects: ReadonlyMap<string, object>): void {
  port.on('message', ({ instance, method, args, reply, done }: Call) => {
    try {
      // Threads have no origins.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      reply.postMessage(answer(objects.get(instance), method, args))
    } catch {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      reply.postMessage({ refused: 10200006 } satisfies Answer)
    }
    Atomics.store(new Int32Array(done), 0, 1)
    Atomics.notify(new Int32Array(done), 0)
    reply.close()
  })
  port.unref()
}

function answer(object: object | undefined, method: string, args: readonly unknown[]): Answer {
  if (object === undefined) return { refused: 10200019 }
  const called: unknown = Reflect.get(object, method)
  if (!isFunction(called)) return { refused: 10200020 }
  try {
    const value = Reflect.apply(called, object, [...args])
    return value instanceof Promise ? { refused: 10200020 } : { value }
  } catch (error) {
    return { thrown: sendableError(error) }
  }
}

/**
 * Calls, and waits for the answer.
 *
 * @param timeout milliseconds, 1 to 5000; 5000 for any other
 * @throws BusinessError 10200006, 10200019, 10200020, 10200021; what the method throws
 */
export function callAndWait(
  port: MessagePort,
  call: Pick<Call, 'instance' | 'method' | 'args'>,
  timeout: number,
): unknown {
  const { port1, port2 } = new MessageChannel()
  const done = new SharedArrayBuffer(4)
  try {
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      port.postMessage({ ...call, reply: port2, done } satisfies Call, [port2])
    } catch (error) {
      throw taskError(10200006, 'args', error)
    }
    const limit = timeout >= 1 && timeout <= longest ? timeout : longest
    if (Atomics.wait(new Int32Array(done), 0, 0, limit) === 'timed-out') throw taskError(10200021, 'timeout')
    const received: { message: Answer } | undefined = receiveMessageOnPort(port1)
    if (received === undefined) throw taskError(10200021, 'timeout')
    const { message } = received
    if ('refused' in message) throw taskError(message.refused, 'methodName')
    if ('thrown' in message) throw receivedError(message.thrown)
    return message.value
  } finally {
    port1.close()
  }
}

import { type MessagePort, Worker } from 'node:worker_threads'

import type { ConcurrentFunctions } from './concurrent-functions.ts'
import { type RunReply, type RunRequest, runTask } from './task-runner.ts'
import { createControl } from '../threads/thread-control.ts'
import { threadData } from '../threads/thread-place.ts'

/** Something that runs tasks. */
export interface TaskThread {
  readonly tid: number
  /** @throws DataCloneError */
  run(request: RunRequest, transfer: readonly ArrayBuffer[]): void
  end(): void
}

/** Hears of a thread's tasks, and of its end. */
export interface ThreadEvents {
  reply(reply: RunReply): void
  /** It has ended by itself: its script did not load, or a task ended it. */
  ended(error: Error): void
}

/** A thread of its own, which has loaded `script`. It does not keep the process alive. */
export function startTaskThread(script: string, events: ThreadEvents): TaskThread {
  const control = createControl()
  const worker = new Worker(script, {
    workerData: threadData({ kind: 'tasks', script, control: control.port }),
    transferList: [control.port],
  })
  control.watch(worker)
  worker.unref()
  worker.on('message', (reply: RunReply) => events.reply(reply))
  worker.on('error', (error) => events.ended(error))
  worker.on('exit', (code) => events.ended(new Error(`the thread has ended with code ${code}`)))
  return {
    tid: worker.threadId,
    run(request, transfer) {
      // Threads have no origins.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(request, [...transfer])
    },
    end: () => control.end(),
  }
}

/** The other end of {@link startTaskThread}. */
export function serveTasks(port: MessagePort, functions: ConcurrentFunctions): void {
  port.on('message', (request: RunRequest) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    void runTask(functions, request, (reply) => port.postMessage(reply))
  })
}

/** The thread that calls: for tasks of tasks. What goes there and back is copied all the same. */
export function ownThread(functions: ConcurrentFunctions, events: ThreadEvents): TaskThread {
  return {
    tid: 0,
    run(request, transfer) {
      const args = structuredClone(request.args, { transfer: [...transfer] })
      setImmediate(() => {
        void runTask(functions, { ...request, args }, (reply) => events.reply(structuredClone(reply)))
      })
    },
    end() {},
  }
}

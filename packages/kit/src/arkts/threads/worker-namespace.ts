import { provide } from '../../provided.ts'
import type { Owned } from '../../owned.ts'
import { ThreadWorker } from './thread-worker.ts'
import type { WorkerPort } from './worker-port.ts'

const priorities = { HIGH: 0, MEDIUM: 1, LOW: 2, IDLE: 3, DEADLINE: 4, VIP: 5 } as const

/**
 * `worker` of `@kit.ArkTS`.
 *
 * @param port of the worker that this thread is; undefined in any other
 * @param owned ends the workers that somebody forgot
 */
export function workerNamespace(bundleFolder: string, port: WorkerPort | undefined, owned: Owned): object {
  class OwnThreadWorker extends ThreadWorker {
    constructor(url: unknown, options?: unknown) {
      super(bundleFolder, url, options)
      owned.add(this)
    }
  }
  return provide('worker', {
    ThreadWorker: OwnThreadWorker,
    // Of API 7, which the other has replaced.
    Worker: OwnThreadWorker,
    ThreadWorkerPriority: provide('worker.ThreadWorkerPriority', priorities),
    workerPort: port,
    parentPort: port,
  })
}

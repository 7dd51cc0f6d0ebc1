import { integerParameter } from '../../parameters.ts'
import { cancelled, taskError } from './task-error.ts'
import { takeFor } from './task-use.ts'
import { type Task, factsOf } from './task.ts'

/** Executes one task. */
type Execute = (task: Task, priority: number) => Promise<unknown>

/** What `SequenceRunner`s of one name share: the end of the last task. */
export class Sequence {
  readonly #execute: Execute
  readonly #priority: number
  #last: Promise<unknown> = Promise.resolve()

  constructor(execute: Execute, priority: number) {
    this.#execute = execute
    this.#priority = priority
  }

  /** Runs the task once those before are over. @throws BusinessError 10200025, 10200051, 10200057 */
  execute(task: Task): Promise<unknown> {
    if (factsOf(task).after.size > 0) throw taskError(10200025, 'task')
    takeFor(task, 'sequence')
    const before = this.#last
    const run = (async () => {
      await before
      return await this.#execute(task, this.#priority)
    })()
    this.#last = run.catch(() => undefined)
    return run
  }
}

interface Waiting {
  readonly task: Task
  readonly begin: () => void
  readonly drop: (error: Error) => void
}

/** What `AsyncRunner`s of one name share: how many tasks run, and which wait. */
export class Lanes {
  readonly #execute: Execute
  readonly #atOnce: number
  readonly #mayWait: number
  readonly #waiting: Waiting[] = []
  #running = 0

  /** @param mayWait 0: as many as like. @throws BusinessError 401 */
  constructor(execute: Execute, atOnce: unknown, mayWait: unknown) {
    this.#execute = execute
    this.#atOnce = integerParameter(atOnce, 'runningCapacity', 1)
    this.#mayWait = mayWait === undefined ? 0 : integerParameter(mayWait, 'waitingCapacity', 0)
  }

  /** Where too many wait, the first of them is dropped (10200054). @throws BusinessError 10200025, 10200051, 10200057 */
  async execute(task: Task, priority: number): Promise<unknown> {
    if (factsOf(task).after.size > 0) throw taskError(10200025, 'task')
    takeFor(task, 'async')
    if (this.#running < this.#atOnce) this.#running++
    else await this.#turn(task)
    try {
      return await this.#execute(task, priority)
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next.begin()
    }
  }

  /** @returns whether the task waited here */
  cancel(task: Task): boolean {
    const index = this.#waiting.findIndex((each) => each.task === task)
    if (index === -1) return false
    for (const each of this.#waiting.splice(index, 1)) each.drop(taskError(10200055, 'task', cancelled()))
    return true
  }

  #turn(task: Task): Promise<void> {
    return new Promise((begin, drop) => {
      this.#waiting.push({ task, begin, drop })
      if (this.#mayWait > 0 && this.#waiting.length > this.#mayWait)
        this.#waiting.shift()?.drop(taskError(10200054, 'task'))
    })
  }
}

import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers'

import {
  integerParameter,
  isFunction,
  numberParameter,
  parameterError,
  textParameter,
} from '../../parameters.ts'
import { provide } from '../../provided.ts'
import type { ConcurrentFunctions } from './concurrent-functions.ts'
import type { TaskPool } from './pool.ts'
import { Lanes, Sequence } from './runners.ts'
import { cancelled, taskError } from './task-error.ts'
import { takeFor } from './task-use.ts'
import { Task, factsOf } from './task.ts'

/** `taskpool.Priority`. */
const priorities = { HIGH: 0, MEDIUM: 1, LOW: 2, IDLE: 3 } as const
const states = { WAITING: 1, RUNNING: 2, CANCELED: 3 } as const
const stateNumbers = { waiting: 1, running: 2, cancelled: 3 } as const

/** `taskpool` of `@kit.ArkTS`: functions with `@Concurrent` in threads of their own, which load the script that asks. */
export function taskPoolNamespace(functions: ConcurrentFunctions, pool: TaskPool): object {
  const execute = (task: Task, priority: number): Promise<unknown> =>
    pool.run(task, priority, task instanceof LongTask)
  const sequences = new Map<string, Sequence>()
  const lanes = new Map<string, Lanes>()
  const allLanes = new Set<Lanes>()
  /** What a task that has not begun to wait in the pool is held by. */
  const timers = new Map<Task, () => void>()
  /** Tasks that were executed, for those who ask by number. */
  const noted = new Map<number, WeakRef<Task>>()
  const forgotten = new FinalizationRegistry((id: number) => noted.delete(id))

  class OwnTask extends Task {
    constructor(...args: unknown[]) {
      super(functions, args)
    }
  }
  class LongTask extends OwnTask {}
  class GenericsTask extends OwnTask {}

  class TaskGroup {
    readonly name: string
    readonly #tasks: Task[] = []
    constructor(name: unknown = '') {
      this.name = textParameter(name, 'name')
    }
    /** @throws BusinessError 401, 10200014, 10200025, 10200051, 10200057 */
    addTask(...args: unknown[]): void {
      const task = args[0] instanceof Task ? args[0] : new OwnTask(...args)
      if (task instanceof LongTask || factsOf(task).after.size > 0) throw taskError(10200025, 'task')
      takeFor(task, 'group')
      this.#tasks.push(task)
    }
    static tasksOf(group: TaskGroup): readonly Task[] {
      return group.#tasks
    }
  }

  class SequenceRunner {
    readonly #sequence: Sequence
    /** `new SequenceRunner(priority?)` or `new SequenceRunner(name, priority?)`: one for all of that name. */
    constructor(...args: unknown[]) {
      const [first, second] = args
      const named = typeof first === 'string'
      const priority = readPriority(named ? second : first)
      const known = named ? sequences.get(first) : undefined
      this.#sequence = known ?? new Sequence(execute, priority)
      if (named) sequences.set(first, this.#sequence)
    }
    execute(task: unknown): Promise<unknown> {
      return this.#sequence.execute(readTask(task))
    }
  }

  class AsyncRunner {
    readonly #lanes: Lanes
    /** `new AsyncRunner(atOnce, mayWait?)` or `new AsyncRunner(name, atOnce, mayWait?)`: one for all of that name. */
    constructor(...args: unknown[]) {
      const [first, ...rest] = args
      const named = typeof first === 'string'
      const [atOnce, mayWait] = named ? rest : args
      const known = named ? lanes.get(first) : undefined
      this.#lanes = known ?? new Lanes(execute, atOnce, mayWait)
      if (named) lanes.set(first, this.#lanes)
      allLanes.add(this.#lanes)
    }
    execute(task: unknown, priority?: unknown): Promise<unknown> {
      return this.#lanes.execute(readTask(task), readPriority(priority))
    }
  }

  const cancelTask = (task: Task): boolean => {
    const timer = timers.get(task)
    timers.delete(task)
    timer?.()
    const inLanes = [...allLanes].some((each) => each.cancel(task))
    return pool.cancel(task) || inLanes || timer !== undefined
  }
  const findTask = (id: number): Task => {
    const found = noted.get(id)?.deref()
    if (found === undefined) throw taskError(10200015, 'taskId')
    return found
  }
  const note = (task: Task): Task => {
    if (!noted.has(task.taskId)) {
      noted.set(task.taskId, new WeakRef(task))
      forgotten.register(task, task.taskId)
    }
    return task
  }

  return provide('taskpool', {
    Task: OwnTask,
    LongTask,
    GenericsTask,
    TaskGroup,
    SequenceRunner,
    AsyncRunner,
    Priority: provide('taskpool.Priority', priorities),
    State: provide('taskpool.State', states),
    /** `execute(task | group, priority?)` or `execute(func, …args)`. @throws BusinessError 401, 10200014, 10200051, 10200057 */
    execute: (...args: unknown[]) => {
      const [first, second] = args
      if (first instanceof TaskGroup) {
        const priority = readPriority(second)
        return Promise.all(TaskGroup.tasksOf(first).map((task) => execute(note(task), priority)))
      }
      if (!(first instanceof Task)) return execute(note(new OwnTask(...args)), priorities.MEDIUM)
      const priority = readPriority(second)
      if (first instanceof LongTask && factsOf(first).use !== 'nothing yet') throw taskError(10200057, 'task')
      takeFor(first, 'execute')
      return execute(note(first), priority)
    },
    /** @throws BusinessError 401, 10200028, 10200051, 10200057 */
    executeDelayed: (delay: unknown, task: unknown, priority?: unknown) => {
      const own = note(readTask(task))
      const after = readTime(delay, 'delayTime')
      const order = readPriority(priority)
      takeFor(own, 'execute')
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          timers.delete(own)
          execute(own, order).then(resolve, reject)
        }, after)
        timers.set(own, () => {
          clearTimeout(timer)
          reject(cancelled())
        })
      })
    },
    /** @throws BusinessError 401, 10200028, 10200050 */
    executePeriodically: (period: unknown, task: unknown, priority?: unknown) => {
      const own = note(readTask(task))
      const every = readTime(period, 'period')
      const order = readPriority(priority)
      if (factsOf(own).use !== 'nothing yet') throw taskError(10200050, 'task')
      takeFor(own, 'periodic')
      const run = (): void => void execute(own, order).catch(() => undefined)
      run()
      const timer = setInterval(run, every)
      timers.set(own, () => clearInterval(timer))
    },
    /** Of a task, a group, or the task of a number. @throws BusinessError 401, 10200015, 10200018 */
    cancel: (what: unknown) => {
      if (what instanceof TaskGroup) {
        if (TaskGroup.tasksOf(what).filter(cancelTask).length === 0) throw taskError(10200018, 'group')
        return
      }
      const task = typeof what === 'number' ? findTask(what) : readTask(what)
      if (!cancelTask(task)) throw taskError(10200015, 'task')
    },
    /** @throws BusinessError 401, 10200015 */
    getTask: (id: unknown) => findTask(integerParameter(id, 'taskId')),
    terminateTask: (task: unknown) => {
      if (!(task instanceof LongTask)) throw parameterError('longTask', 'is not a LongTask')
      pool.release(task)
    },
    isConcurrent: (value: unknown) => isFunction(value) && functions.has(value),
    getTaskPoolInfo: () => ({
      threadInfos: pool.threads(),
      taskInfos: pool.runs().map(({ taskId, name, state, duration }) => ({
        taskId,
        name,
        state: stateNumbers[state],
        duration,
      })),
    }),
  })
}

function readTask(value: unknown): Task {
  if (value instanceof Task) return value
  throw parameterError('task', 'is not a Task')
}

function readPriority(value: unknown): number {
  return value === undefined ? priorities.MEDIUM : integerParameter(value, 'priority', 0, 3)
}

/** Milliseconds. @throws BusinessError 401, 10200028 */
function readTime(value: unknown, field: string): number {
  const time = numberParameter(value, field)
  if (time < 0) throw taskError(10200028, field)
  return time
}

import { setImmediate, setTimeout } from 'node:timers'

import { type AnyFunction, functionParameter, integerParameter, parameterError } from '../parameters.ts'
import { provide } from '../provided.ts'

/** `taskpool.Priority`; without effect. */
const priority = { HIGH: 0, MEDIUM: 1, LOW: 2, IDLE: 3 } as const

/** `taskpool.Task`: a function and its arguments. */
class Task {
  readonly name: string
  readonly function: AnyFunction
  readonly arguments: readonly unknown[]

  /** `new Task(func, …args)` or `new Task(name, func, …args)`. @throws BusinessError 401 */
  constructor(...args: unknown[]) {
    const named = typeof args[0] === 'string'
    this.function = functionParameter(args[named ? 1 : 0], 'func')
    this.name = typeof args[0] === 'string' ? args[0] : this.function.name
    this.arguments = args.slice(named ? 2 : 1)
  }

  /** Whether it is over: nothing here ends a function from outside. */
  isDone(): boolean {
    return done.has(this)
  }
}

const done = new WeakSet<Task>()

/** `taskpool.TaskGroup`: tasks whose results come together. */
class TaskGroup {
  readonly name: string
  readonly tasks: Task[] = []

  constructor(name: unknown = '') {
    this.name = String(name)
  }

  addTask(...args: unknown[]): void {
    this.tasks.push(args[0] instanceof Task ? args[0] : new Task(...args))
  }
}

/**
 * `taskpool` of `@kit.ArkTS`. Tasks run one after another in the extension's own thread, each once what runs now is over: they give the same results,
 * and no more speed.
 */
export function taskPoolNamespace(): object {
  return provide('taskpool', {
    Task,
    TaskGroup,
    Priority: provide('taskpool.Priority', priority),
    /** `execute(task | group, priority?)` or `execute(func, …args)`. */
    execute: (...args: unknown[]) => {
      const [first] = args
      if (first instanceof TaskGroup) return Promise.all(first.tasks.map((task) => run(task, 0)))
      return run(first instanceof Task ? first : new Task(...args), 0)
    },
    executeDelayed: (delay: unknown, task: unknown) => {
      if (!(task instanceof Task)) throw parameterError('task', 'is not a Task')
      return run(task, integerParameter(delay, 'delayTime', 0))
    },
    isConcurrent: (value: unknown) => typeof value === 'function',
  })
}

async function run(task: Task, delay: number): Promise<unknown> {
  await new Promise<void>((resolve) => (delay === 0 ? setImmediate(resolve) : setTimeout(resolve, delay)))
  try {
    return await Reflect.apply(task.function, undefined, [...task.arguments])
  } finally {
    done.add(task)
  }
}

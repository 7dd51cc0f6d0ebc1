import {
  type AnyFunction,
  functionParameter,
  isFunction,
  listParameter,
  parameterError,
} from '../../parameters.ts'
import type { ConcurrentFunctions } from './concurrent-functions.ts'
import { taskError } from './task-error.ts'
import { isCancelled, sendData } from './task-runner.ts'

/** By what a task is executed: by one way alone, for its whole life. */
export type TaskUse = 'nothing yet' | 'execute' | 'group' | 'sequence' | 'async' | 'periodic'

/** What hears of a task. */
interface TaskListeners {
  data?: AnyFunction
  enqueued?: AnyFunction
  started?: AnyFunction
  failed?: AnyFunction
  succeeded?: AnyFunction
}

/** What the pool knows of a task besides what code sees. */
export interface TaskFacts {
  use: TaskUse
  /** Runs that wait or run now. */
  pending: number
  finished: boolean
  transfer: readonly ArrayBuffer[] | undefined
  clone: readonly unknown[]
  /** Tasks that have to be over before. */
  readonly after: Set<Task>
  readonly listeners: TaskListeners
}

let tasks = 0
const facts = new WeakMap<object, TaskFacts>()

/** @throws BusinessError 401 for what is no task */
export function factsOf(task: Task): TaskFacts {
  const known = facts.get(task)
  if (known === undefined) throw parameterError('task', 'is not a Task')
  return known
}

/** `taskpool.Task`: a function and its arguments. */
export class Task {
  readonly name: string
  readonly taskId: number
  function: AnyFunction
  arguments: unknown[]
  /** Milliseconds, once it is over. */
  totalDuration = 0
  ioDuration = 0
  cpuDuration = 0

  static readonly isCanceled: () => boolean = isCancelled
  static readonly sendData: (...args: unknown[]) => void = sendData

  /** `new Task(func, …args)` or `new Task(name, func, …args)`. @throws BusinessError 401, 10200014 */
  constructor(functions: ConcurrentFunctions, args: readonly unknown[]) {
    const named = typeof args[0] === 'string'
    this.function = functionParameter(args[named ? 1 : 0], 'func')
    if (!functions.has(this.function)) throw taskError(10200014, 'func')
    this.name = typeof args[0] === 'string' ? args[0] : this.function.name
    this.taskId = ++tasks
    this.arguments = args.slice(named ? 2 : 1)
    facts.set(this, {
      use: 'nothing yet',
      pending: 0,
      finished: false,
      transfer: undefined,
      clone: [],
      after: new Set(),
      listeners: {},
    })
  }

  isDone(): boolean {
    const { pending, finished } = factsOf(this)
    return finished && pending === 0
  }

  /** Of the buffers in the arguments those that go to the thread; all of them when nobody says. @throws BusinessError 401, 10200029 */
  setTransferList(list: unknown = []): void {
    const own = factsOf(this)
    const buffers = listParameter(list, 'transfer', (value, field) => {
      if (!(value instanceof ArrayBuffer)) throw parameterError(field, 'is not an ArrayBuffer')
      return value
    })
    if (buffers.some((buffer) => own.clone.includes(buffer))) throw taskError(10200029, 'transfer')
    own.transfer = buffers
  }

  /** Of the buffers in the arguments those that are copied. @throws BusinessError 401, 10200029 */
  setCloneList(list: unknown): void {
    const own = factsOf(this)
    const copied = listParameter(list, 'cloneList', (value) => value)
    if (own.transfer?.some((buffer) => copied.includes(buffer)) === true)
      throw taskError(10200029, 'cloneList')
    own.clone = copied
  }

  /** Without a callback: nobody receives any more. @throws BusinessError 401 */
  onReceiveData(callback?: unknown): void {
    const { listeners } = factsOf(this)
    if (callback === undefined) delete listeners.data
    else listeners.data = functionParameter(callback, 'callback')
  }

  onEnqueued(callback: unknown): void {
    this.#listen('enqueued', callback)
  }
  onStartExecution(callback: unknown): void {
    this.#listen('started', callback)
  }
  onExecutionFailed(callback: unknown): void {
    this.#listen('failed', callback)
  }
  onExecutionSucceeded(callback: unknown): void {
    this.#listen('succeeded', callback)
  }

  /** @throws BusinessError 401, 10200026, 10200052 */
  addDependency(...others: unknown[]): void {
    for (const other of readDependencies(this, others)) {
      if (other === this || dependsOn(other, this)) throw taskError(10200026, 'tasks')
      factsOf(this).after.add(other)
    }
  }

  /** @throws BusinessError 401, 10200027, 10200052 */
  removeDependency(...others: unknown[]): void {
    for (const other of readDependencies(this, others))
      if (!factsOf(this).after.delete(other)) throw taskError(10200027, 'tasks')
  }

  #listen(name: keyof TaskListeners, callback: unknown): void {
    const own = factsOf(this)
    const listener = functionParameter(callback, 'callback')
    if (own.use !== 'nothing yet') throw taskError(10200034, 'callback')
    own.listeners[name] = listener
  }
}

function readDependencies(task: Task, others: readonly unknown[]): Task[] {
  return others.map((other) => {
    if (!(other instanceof Task)) throw parameterError('tasks', 'is not a list of tasks')
    if (factsOf(task).use === 'periodic' || factsOf(other).use === 'periodic')
      throw taskError(10200052, 'tasks')
    return other
  })
}

function dependsOn(task: Task, wanted: Task): boolean {
  const { after } = factsOf(task)
  return after.has(wanted) || [...after].some((each) => dependsOn(each, wanted))
}

/** Calls a listener; what it throws is an uncaught exception and changes nothing. */
export function tell(listener: AnyFunction | undefined, ...args: readonly unknown[]): void {
  if (!isFunction(listener)) return
  try {
    void Reflect.apply(listener, undefined, args)
  } catch (error) {
    setImmediate(() => {
      throw error
    })
  }
}

import { availableParallelism } from 'node:os'

import type { ConcurrentFunctions } from './concurrent-functions.ts'
import { pack, unpack } from '../sendable/sendable-classes.ts'
import { cancelled, receivedError, taskError } from './task-error.ts'
import { type RunReply, listOf } from './task-runner.ts'
import { type TaskThread, ownThread, startTaskThread } from './task-thread.ts'
import { type Task, factsOf, tell } from './task.ts'
import { transferredBuffers } from './transferred-buffers.ts'

/** Milliseconds that a thread waits for another task. */
const idleTime = 30_000

/** Threads that there are on every machine when there is work for them, as on the device: a task may wait for another one. */
const fewestThreads = 3

/** One run of a task, from when it is asked for. */
interface Run {
  readonly id: number
  readonly task: Task
  readonly priority: number
  /** Keeps its thread until somebody ends it. */
  readonly long: boolean
  readonly cancelled: SharedArrayBuffer
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  readonly begun: { at: number; thread: PoolThread } | undefined
}

/** A thread of the pool. */
interface PoolThread {
  readonly thread: TaskThread
  run: Run | undefined
  /** Of a long task, which keeps it. */
  owner: Task | undefined
  idle: NodeJS.Timeout | undefined
}

/** What a task is doing, as `getTaskPoolInfo` tells it. */
export interface RunFacts {
  readonly taskId: number
  readonly name: string
  readonly state: 'waiting' | 'running' | 'cancelled'
  /** Milliseconds since it began. */
  readonly duration: number
  readonly tid: number | undefined
  readonly priority: number
}

/** Threads that run tasks: as many as there are processors, three at least, begun when there is something to do; and one for each long task. */
export class TaskPool implements Disposable {
  readonly #functions: ConcurrentFunctions
  readonly #script: string | undefined
  readonly #threads = new Set<PoolThread>()
  readonly #waiting: Run[] = []
  readonly #running = new Map<number, Run & { begun: { at: number; thread: PoolThread } }>()
  #runs = 0

  /** @param script what threads load; without one, tasks run in the thread that asks */
  constructor(functions: ConcurrentFunctions, script: string | undefined) {
    this.#functions = functions
    this.#script = script
  }

  /**
   * @param priority 0 (first) to 3
   * @throws what the task throws, in a promise; BusinessError 10200006
   */
  run(task: Task, priority: number, long: boolean): Promise<unknown> {
    const facts = factsOf(task)
    facts.pending++
    return new Promise<unknown>((resolve, reject) => {
      const run: Run = {
        id: ++this.#runs,
        task,
        priority,
        long,
        cancelled: new SharedArrayBuffer(4),
        resolve,
        reject,
        begun: undefined,
      }
      const before = this.#waiting.findIndex((other) => other.priority > priority)
      this.#waiting.splice(before === -1 ? this.#waiting.length : before, 0, run)
      tell(facts.listeners.enqueued)
      setImmediate(() => this.#next())
    })
  }

  /** Runs of a task that wait do not begin; what runs is told. @returns whether there were any */
  cancel(task: Task): boolean {
    const waiting = this.#waiting.filter((run) => run.task === task)
    const running = [...this.#running.values()].filter((run) => run.task === task)
    for (const run of waiting) {
      this.#waiting.splice(this.#waiting.indexOf(run), 1)
      this.#settle(run, { error: cancelled() })
    }
    for (const run of running) Atomics.store(new Int32Array(run.cancelled), 0, 1)
    if (waiting.length > 0) setImmediate(() => this.#next())
    return waiting.length + running.length > 0
  }

  /** Ends the thread of a long task. */
  release(task: Task): void {
    for (const each of this.#threads) if (each.owner === task) this.#end(each, cancelled())
  }

  threads(): { readonly tid: number; readonly taskIds: number[]; readonly priority: number }[] {
    return [...this.#threads].map(({ thread, run }) => ({
      tid: thread.tid,
      taskIds: run === undefined ? [] : [run.task.taskId],
      priority: run?.priority ?? 1,
    }))
  }

  runs(): RunFacts[] {
    return [
      ...[...this.#running.values()].map((run): RunFacts => ({
        ...factsAbout(run),
        state: isCancelledRun(run) ? 'cancelled' : 'running',
        duration: Date.now() - run.begun.at,
        tid: run.begun.thread.thread.tid,
      })),
      ...this.#waiting.map((run): RunFacts => ({
        ...factsAbout(run),
        state: 'waiting',
        duration: 0,
        tid: undefined,
      })),
    ]
  }

  [Symbol.dispose](): void {
    for (const each of this.#threads) this.#end(each, cancelled())
  }

  /** Begins what can begin now. */
  #next(): void {
    for (const run of this.#waiting.slice()) {
      if ([...factsOf(run.task).after].some((other) => !factsOf(other).finished)) continue
      const free = this.#freeThread(run)
      if (free === undefined) continue
      this.#waiting.splice(this.#waiting.indexOf(run), 1)
      this.#begin(run, free)
    }
  }

  #freeThread(run: Run): PoolThread | undefined {
    const shared = [...this.#threads].filter(({ owner }) => owner === undefined)
    const idle = shared.find((each) => each.run === undefined)
    if (!run.long && idle !== undefined) return idle
    // In one's own thread a task may wait for another.
    const most = this.#script === undefined ? Infinity : Math.max(availableParallelism(), fewestThreads)
    return run.long || shared.length < most ? this.#start(run) : undefined
  }

  #start(run: Run): PoolThread {
    const script = this.#script
    const events = {
      reply: (reply: RunReply): void => this.#take(reply),
      ended: (error: Error): void => this.#end(place, error),
    }
    const thread = script === undefined ? ownThread(this.#functions, events) : startTaskThread(script, events)
    const place: PoolThread = {
      thread,
      run: undefined,
      owner: run.long ? run.task : undefined,
      idle: undefined,
    }
    this.#threads.add(place)
    return place
  }

  #begin(run: Run, place: PoolThread): void {
    const { task } = run
    const { listeners, transfer, clone } = factsOf(task)
    const args = task.arguments
    clearTimeout(place.idle)
    place.run = run
    this.#running.set(run.id, { ...run, begun: { at: Date.now(), thread: place } })
    tell(listeners.started)
    try {
      const request = {
        id: run.id,
        function: this.#functions.numberOf(task.function) ?? -1,
        args: pack(args),
        cancelled: run.cancelled,
        hasReceiver: listeners.data !== undefined,
      }
      place.thread.run(request, transfer ?? transferredBuffers(args, clone))
    } catch (error) {
      this.#over(run.id, { error: taskError(10200006, 'arguments', error) })
    }
  }

  #take(reply: RunReply): void {
    const run = this.#running.get(reply.id)
    if (run === undefined) return
    switch (reply.kind) {
      case 'data':
        tell(factsOf(run.task).listeners.data, ...listOf(reply.args))
        return
      case 'done':
        return this.#over(
          reply.id,
          isCancelledRun(run) ? { error: cancelled() } : { value: unpack(reply.value) },
        )
      case 'failed':
        return this.#over(reply.id, { error: isCancelledRun(run) ? cancelled() : receivedError(reply.error) })
    }
  }

  #over(id: number, outcome: { value: unknown } | { error: unknown }): void {
    const run = this.#running.get(id)
    if (run === undefined) return
    this.#running.delete(id)
    const { thread, at } = run.begun
    run.task.totalDuration = Date.now() - at
    thread.run = undefined
    this.#settle(run, outcome)
    if (thread.owner === undefined && this.#threads.has(thread)) {
      thread.idle = setTimeout(() => this.#end(thread, cancelled()), idleTime)
      thread.idle.unref()
    }
    this.#next()
  }

  #settle(run: Run, outcome: { value: unknown } | { error: unknown }): void {
    const facts = factsOf(run.task)
    facts.pending--
    facts.finished = true
    if ('error' in outcome) {
      tell(facts.listeners.failed, outcome.error)
      run.reject(outcome.error)
    } else {
      tell(facts.listeners.succeeded)
      run.resolve(outcome.value)
    }
  }

  #end(place: PoolThread, error: Error): void {
    if (!this.#threads.delete(place)) return
    clearTimeout(place.idle)
    place.thread.end()
    if (place.run !== undefined) this.#over(place.run.id, { error })
  }
}

function isCancelledRun(run: Run): boolean {
  return Atomics.load(new Int32Array(run.cancelled), 0) === 1
}

function factsAbout({ task, priority }: Run): Pick<RunFacts, 'taskId' | 'name' | 'priority'> {
  return { taskId: task.taskId, name: task.name, priority }
}

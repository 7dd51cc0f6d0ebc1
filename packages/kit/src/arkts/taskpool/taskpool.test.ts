import { expect, test } from 'vitest'

import type { AnyFunction } from '../../parameters.ts'
import { ConcurrentFunctions } from './concurrent-functions.ts'
import { TaskPool } from './pool.ts'
import { taskPoolNamespace } from './task-pool.ts'

/** Tasks in the thread of the test: what threads do of it, a test of the host looks at. */
interface Member {
  (...args: unknown[]): unknown
  new (...args: unknown[]): Member & { readonly [name: string]: AnyFunction }
  readonly isCanceled: () => boolean
  readonly sendData: AnyFunction
}
const functions = new ConcurrentFunctions()
const taskpool = taskPoolNamespace(functions, new TaskPool(functions, undefined)) as Record<
  string,
  Member
> & {
  Task: Member
  TaskGroup: Member
  LongTask: Member
  SequenceRunner: Member
  AsyncRunner: Member
}
const execute = (...args: unknown[]): Promise<unknown> => taskpool['execute']?.(...args) as Promise<unknown>
const concurrent = <T extends AnyFunction>(func: T): T => {
  functions.add(func)
  return func
}
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object

const add = concurrent((a, b) => Number(a) + Number(b))
const wait = concurrent(async (time, text) => {
  await new Promise((resolve) => setTimeout(resolve, Number(time)))
  return text
})

test('only what has the decorator is a task', async () => {
  const plain = (): number => 1
  expect([taskpool['isConcurrent']?.(add), taskpool['isConcurrent']?.(plain)]).toEqual([true, false])
  expect(() => new taskpool.Task(plain)).toThrow(code(10200014))
  expect(() => execute(plain)).toThrow(code(10200014))
  expect(await execute(add, 1, 2)).toBe(3)
  const task = new taskpool.Task('sum', add, 2, 3)
  expect(task['name']).toBe('sum')
  expect(task['isDone']?.()).toBe(false)
  expect(await execute(task)).toBe(5)
  expect(task['isDone']?.()).toBe(true)
})

test('what a task throws keeps its name, text and code; what cannot be copied is 10200006', async () => {
  const fail = concurrent(() => {
    throw Object.assign(new RangeError('too far'), { code: 7 })
  })
  await expect(execute(fail)).rejects.toMatchObject({ name: 'RangeError', message: 'too far', code: 7 })
  await expect(execute(add, () => 1)).rejects.toThrow(code(10200006))
  await expect(execute(concurrent(() => () => 1))).rejects.toThrow(code(10200006))
})

test('arguments are copies, and buffers go there unless they are to be copied', async () => {
  const change = concurrent((list, buffer) => {
    ;(list as number[]).push(1)
    return (buffer as ArrayBuffer).byteLength
  })
  const list: number[] = []
  const [moved, kept] = [new ArrayBuffer(8), new ArrayBuffer(8)]
  expect(await execute(new taskpool.Task(change, list, moved))).toBe(8)
  expect([list.length, moved.byteLength]).toEqual([0, 0])
  const task = new taskpool.Task(change, list, kept)
  task['setCloneList']?.([kept])
  expect(() => task['setTransferList']?.([kept])).toThrow(code(10200029))
  expect(await execute(task)).toBe(8)
  expect(kept.byteLength).toBe(8)
})

test('a task sends data while it runs', async () => {
  const send = concurrent((value) => {
    taskpool.Task.sendData(value, 2)
    return 'sent'
  })
  const heard: unknown[] = []
  const task = new taskpool.Task(send, 1)
  task['onReceiveData']?.((...args: unknown[]) => heard.push(args))
  expect(await execute(task)).toBe('sent')
  await expect.poll(() => heard).toEqual([[1, 2]])
  await expect(execute(send, 1)).rejects.toThrow(code(10200024))
  expect(() => taskpool.Task.sendData(1)).toThrow(code(10200022))
})

test('a task that waits is cancelled; one that runs is told', async () => {
  const first = new taskpool.Task(add, 1, 2)
  const waits = execute(first)
  taskpool['cancel']?.(first)
  await expect(waits).rejects.toMatchObject({ code: 0 })
  expect(() => taskpool['cancel']?.(first)).toThrow(code(10200015))

  const seen: boolean[] = []
  const look = concurrent(async () => {
    while (!taskpool.Task.isCanceled()) await new Promise((resolve) => setImmediate(resolve))
    seen.push(true)
  })
  const running = new taskpool.Task(look)
  const runs = execute(running)
  await expect.poll(() => infos()).toEqual([expect.objectContaining({ taskId: running['taskId'], state: 2 })])
  taskpool['cancel']?.(running['taskId'])
  await expect(runs).rejects.toMatchObject({ code: 0 })
  expect(seen).toEqual([true])

  const later = new taskpool.Task(add, 1, 2)
  const never = taskpool['executeDelayed']?.(60_000, later)
  taskpool['cancel']?.(later)
  await expect(never).rejects.toMatchObject({ code: 0 })
})

function infos(): unknown {
  return Reflect.get(Object(taskpool['getTaskPoolInfo']?.()), 'taskInfos')
}

test('periods, delays and their limits', async () => {
  let runs = 0
  const count = concurrent(() => ++runs)
  const task = new taskpool.Task(count)
  taskpool['executePeriodically']?.(1, task)
  await expect.poll(() => runs).toBeGreaterThan(2)
  expect(() => execute(task)).toThrow(code(10200051))
  expect(() => task['addDependency']?.(new taskpool.Task(add))).toThrow(code(10200052))
  taskpool['cancel']?.(task)
  expect(await taskpool['executeDelayed']?.(1, new taskpool.Task(add, 1, 1))).toBe(2)
  expect(() => taskpool['executeDelayed']?.(-1, new taskpool.Task(add))).toThrow(code(10200028))
  const done = new taskpool.Task(add, 1, 1)
  await execute(done)
  expect(() => taskpool['executePeriodically']?.(1, done)).toThrow(code(10200050))
})

test('dependencies: what comes before, and no circles', async () => {
  const order: unknown[] = []
  const mark = concurrent((name) => void order.push(name))
  const [one, two, three] = ['one', 'two', 'three'].map((name) => new taskpool.Task(mark, name))
  one?.['addDependency']?.(two)
  two?.['addDependency']?.(three)
  expect(() => three?.['addDependency']?.(one)).toThrow(code(10200026))
  expect(() => three?.['removeDependency']?.(one)).toThrow(code(10200027))
  await Promise.all([execute(one), execute(two), execute(three)])
  expect(order).toEqual(['three', 'two', 'one'])
})

test('groups give results in order, and fail as one', async () => {
  const group = new taskpool.TaskGroup('sums')
  group['addTask']?.(wait, 20, 'slow')
  const quick = new taskpool.Task(wait, 0, 'quick')
  group['addTask']?.(quick)
  expect(await execute(group)).toEqual(['slow', 'quick'])
  expect(() => execute(quick)).toThrow(code(10200057))
  expect(() => group['addTask']?.(new taskpool.LongTask(add))).toThrow(code(10200025))
  expect(() => taskpool['cancel']?.(group)).toThrow(code(10200018))
})

test('a sequence runs one after another, also by name; lanes run so many at once and let so many wait', async () => {
  const order: unknown[] = []
  const mark = concurrent(async (time, name) => {
    await wait(time, '')
    order.push(name)
  })
  const task = (time: number, name: string): unknown => new taskpool.Task(mark, time, name)
  await Promise.all([
    new taskpool.SequenceRunner('same')['execute']?.(task(20, 'first')),
    new taskpool.SequenceRunner('same')['execute']?.(task(0, 'second')),
  ])
  expect(order).toEqual(['first', 'second'])

  const runner = new taskpool.AsyncRunner(1, 1)
  const [run, dropped, waits] = [task(20, 'runs'), task(0, 'dropped'), task(0, 'waits')]
  const all = [run, dropped, waits].map((each) => runner['execute']?.(each))
  await expect(all[1]).rejects.toThrow(code(10200054))
  await Promise.all([all[0], all[2]])
  expect(order.slice(2)).toEqual(['runs', 'waits'])
})

test('listeners hear how it goes, and come before the task', async () => {
  const heard: string[] = []
  const task = new taskpool.Task(add, 1, 2)
  for (const name of ['onEnqueued', 'onStartExecution', 'onExecutionSucceeded', 'onExecutionFailed'])
    task[name]?.(() => heard.push(name))
  await execute(task)
  await expect.poll(() => heard).toEqual(['onEnqueued', 'onStartExecution', 'onExecutionSucceeded'])
  expect(() => task['onEnqueued']?.(() => 1)).toThrow(code(10200034))
})

test('a long task is over, and its place is given back', async () => {
  const task = new taskpool.LongTask(add, 1, 2)
  expect(await execute(task)).toBe(3)
  expect(() => execute(task)).toThrow(code(10200057))
  const threads = (): unknown => Reflect.get(Object(taskpool['getTaskPoolInfo']?.()), 'threadInfos')
  const before = threads() as unknown[]
  taskpool['terminateTask']?.(task)
  expect(threads()).toHaveLength(before.length - 1)
})

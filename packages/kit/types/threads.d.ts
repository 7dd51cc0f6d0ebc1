/* oxlint-disable typescript/no-explicit-any, typescript/no-wrapper-object-types, typescript/no-unsafe-function-type, typescript/no-empty-object-type -- as HarmonyOS declares them, so that code typed against its SDK compiles */

declare module '@ohos.taskpool' {
  /** Functions with `@Concurrent`, in threads that load the script that asks. */
  namespace taskpool {
    enum Priority {
      HIGH = 0,
      MEDIUM = 1,
      LOW = 2,
      IDLE = 3,
    }
    enum State {
      WAITING = 1,
      RUNNING = 2,
      CANCELED = 3,
    }
    type CallbackFunction = () => void
    type CallbackFunctionWithError = (e: Error) => void
    class Task {
      constructor(func: Function, ...args: Object[])
      constructor(name: string, func: Function, ...args: Object[])
      readonly name: string
      readonly taskId: number
      function: Function
      arguments?: Object[]
      /** Milliseconds, once it is over. */
      readonly totalDuration: number
      /** 0: nobody tells waiting from working. */
      readonly ioDuration: number
      readonly cpuDuration: number
      /** Of the task that calls it. */
      static isCanceled(): boolean
      /** To the callback of `onReceiveData`, from inside the task. */
      static sendData(...args: Object[]): void
      isDone(): boolean
      /** All buffers in the arguments, unless this says which. */
      setTransferList(transfer?: ArrayBuffer[]): void
      setCloneList(cloneList: Object[] | ArrayBuffer[]): void
      onReceiveData(callback?: Function): void
      addDependency(...tasks: Task[]): void
      removeDependency(...tasks: Task[]): void
      onEnqueued(callback: CallbackFunction): void
      onStartExecution(callback: CallbackFunction): void
      onExecutionFailed(callback: CallbackFunctionWithError): void
      onExecutionSucceeded(callback: CallbackFunction): void
    }
    /** Keeps its thread until `terminateTask`. */
    class LongTask extends Task {}
    class GenericsTask<A extends Array<Object>, R> extends Task {
      constructor(func: (...args: A) => R | Promise<R>, ...args: A)
      constructor(name: string, func: (...args: A) => R | Promise<R>, ...args: A)
    }
    class TaskGroup {
      constructor(name?: string)
      readonly name: string
      addTask(func: Function, ...args: Object[]): void
      addTask(task: Task): void
    }
    /** One after another; those of one name are one. */
    class SequenceRunner {
      constructor(priority?: Priority)
      constructor(name: string, priority?: Priority)
      execute(task: Task): Promise<Object>
    }
    /** So many at once; where too many wait, the first of them is dropped. */
    class AsyncRunner {
      constructor(runningCapacity: number, waitingCapacity?: number)
      constructor(name: string, runningCapacity: number, waitingCapacity?: number)
      execute(task: Task, priority?: Priority): Promise<Object>
    }
    interface ThreadInfo {
      tid: number
      taskIds?: number[]
      priority?: Priority
    }
    interface TaskInfo {
      name: string
      taskId: number
      state: State
      /** Milliseconds. */
      duration?: number
    }
    interface TaskPoolInfo {
      threadInfos: ThreadInfo[]
      taskInfos: TaskInfo[]
    }
    function execute<A extends Array<Object>, R>(func: (...args: A) => R | Promise<R>, ...args: A): Promise<R>
    function execute(func: Function, ...args: Object[]): Promise<Object>
    function execute<A extends Array<Object>, R>(task: GenericsTask<A, R>, priority?: Priority): Promise<R>
    function execute(task: Task, priority?: Priority): Promise<Object>
    function execute(group: TaskGroup, priority?: Priority): Promise<Object[]>
    function executeDelayed(delayTime: number, task: Task, priority?: Priority): Promise<Object>
    function executePeriodically(period: number, task: Task, priority?: Priority): void
    function cancel(task: Task): void
    function cancel(group: TaskGroup): void
    function cancel(taskId: number): void
    function getTask(taskId: number): Task
    function terminateTask(longTask: LongTask): void
    function isConcurrent(func: Function): boolean
    function getTaskPoolInfo(): TaskPoolInfo
  }
  export default taskpool
}

declare module '@ohos.worker' {
  export interface Event {
    readonly type: string
    readonly timeStamp: number
  }
  export interface MessageEvents extends Event {
    readonly data: any
  }
  export interface ErrorEvent extends Event {
    readonly message: string
    readonly filename: string
    readonly lineno: number
    readonly colno: number
    readonly error: Object
  }
  export interface PostMessageOptions {
    transfer?: Object[]
  }
  export interface WorkerOptions {
    type?: 'classic' | 'module'
    name?: string
    shared?: boolean
    /** Without effect. */
    priority?: worker.ThreadWorkerPriority
  }
  export type WorkerEventListener = (event: Event) => void | Promise<void>
  export interface WorkerEventTarget {
    addEventListener(type: string, listener: WorkerEventListener): void
    removeEventListener(type: string, callback?: WorkerEventListener): void
    removeAllListener(): void
    dispatchEvent(event: Event): boolean
  }
  export interface GlobalScope extends WorkerEventTarget {
    readonly name: string
    readonly self: GlobalScope & typeof globalThis
    onerror?: (ev: ErrorEvent) => void
    onunhandledrejection?: (ev: any) => void
  }
  export interface ThreadWorkerGlobalScope extends GlobalScope {
    onmessage?: (event: MessageEvents) => void
    onmessageerror?: (event: MessageEvents) => void
    on(type: string, listener: WorkerEventListener): void
    once(type: string, listener: WorkerEventListener): void
    off(type: string, listener?: WorkerEventListener): void
    postMessage(messageObject: Object, transfer: ArrayBuffer[]): void
    postMessage(messageObject: Object, options?: PostMessageOptions): void
    /** Copies, as {@link postMessage}. */
    postMessageWithSharedSendable(message: Object, transfer?: ArrayBuffer[]): void
    /** Waits for what a method of an object of the maker returns; at most 5000 ms. */
    callGlobalCallObjectMethod(
      instanceName: string,
      methodName: string,
      timeout: number,
      ...args: Object[]
    ): Object
    close(): void
  }
  namespace worker {
    enum ThreadWorkerPriority {
      HIGH = 0,
      MEDIUM = 1,
      LOW = 2,
      IDLE = 3,
      DEADLINE = 4,
      VIP = 5,
    }
    /** A thread that runs one of `buildOption.sourceOption.workers` of a module, e.g. `entry/ets/workers/Worker.ets`. */
    class ThreadWorker implements WorkerEventTarget {
      constructor(scriptURL: string, options?: WorkerOptions)
      onexit?: (code: number) => void
      onerror?: (err: ErrorEvent) => void
      onAllErrors?: (err: ErrorEvent) => void
      onmessage?: (event: MessageEvents) => void
      onmessageerror?: (event: MessageEvents) => void
      postMessage(message: Object, transfer: ArrayBuffer[]): void
      postMessage(message: Object, options?: PostMessageOptions): void
      /** Copies, as {@link postMessage}. */
      postMessageWithSharedSendable(message: Object, transfer?: ArrayBuffer[]): void
      on(type: string, listener: WorkerEventListener): void
      once(type: string, listener: WorkerEventListener): void
      off(type: string, listener?: WorkerEventListener): void
      addEventListener(type: string, listener: WorkerEventListener): void
      removeEventListener(type: string, callback?: WorkerEventListener): void
      removeAllListener(): void
      dispatchEvent(event: Event): boolean
      registerGlobalCallObject(instanceName: string, globalCallObject: Object): void
      unregisterGlobalCallObject(instanceName?: string): void
      terminate(): void
    }
    class Worker extends ThreadWorker {}
    /** In a worker's own code. */
    const workerPort: ThreadWorkerGlobalScope
    const parentPort: ThreadWorkerGlobalScope
  }
  export default worker
}

declare module '@kit.ArkTS' {
  import taskpool from '@ohos.taskpool'
  import worker from '@ohos.worker'
  export { taskpool, worker }
  export type {
    ErrorEvent,
    Event,
    GlobalScope,
    MessageEvents,
    PostMessageOptions,
    ThreadWorkerGlobalScope,
    WorkerEventListener,
    WorkerEventTarget,
    WorkerOptions,
  } from '@ohos.worker'
}

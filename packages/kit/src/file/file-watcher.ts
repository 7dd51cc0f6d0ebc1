import { type FileEvent, Inotify } from '@vpnext/native'

import { missingMembers } from '../provided.ts'
import { isFunction, type AnyFunction } from '../parameters.ts'
import { countArgument, pathArgument } from './arguments.ts'
import { asFileError, fileError, invalidArgument } from './file-error.ts'

/** IN_ALL_EVENTS, include/uapi/linux/inotify.h: the device's event numbers are the kernel's. */
const allEvents = 0xfff
/** Adds to the events of a watch instead of replacing them: several watchers may look at one file. */
const IN_MASK_ADD = 0x20000000
const IN_IGNORED = 0x8000

interface Watch {
  readonly events: number
  readonly tell: (event: FileEvent) => void
}

/** All watchers of one process, over one inotify instance: a user may have only a few. */
export class FileWatches implements Disposable {
  readonly #watches = new Map<number, Set<Watch>>()
  #inotify: Inotify | undefined

  /** @returns what ends it. @throws SystemError */
  add(path: string, events: number, tell: (event: FileEvent) => void): Disposable {
    const inotify = (this.#inotify ??= Inotify.open((event) => this.#tell(event)))
    const number = inotify.add(path, events | IN_MASK_ADD)
    const watch: Watch = { events, tell }
    const others = this.#watches.get(number) ?? new Set()
    this.#watches.set(number, others.add(watch))
    return { [Symbol.dispose]: () => this.#remove(number, watch) }
  }

  [Symbol.dispose](): void {
    this.#inotify?.[Symbol.dispose]()
    this.#inotify = undefined
    this.#watches.clear()
  }

  #remove(number: number, watch: Watch): void {
    const others = this.#watches.get(number)
    if (others?.delete(watch) !== true || others.size > 0) return
    this.#watches.delete(number)
    this.#inotify?.remove(number)
    if (this.#watches.size === 0) this[Symbol.dispose]()
  }

  #tell(event: FileEvent): void {
    // The file is gone, and the kernel's watch with it.
    if ((event.mask & IN_IGNORED) !== 0) {
      this.#watches.delete(event.watch)
      return
    }
    for (const { events, tell } of this.#watches.get(event.watch) ?? []) {
      if ((event.mask & events) !== 0) tell(event)
    }
  }
}

/** `fileIo.Watcher`: tells its listener of changes between `start` and `stop`. */
export class Watcher {
  readonly #watches: FileWatches
  readonly #path: string
  readonly #events: number
  readonly #listener: AnyFunction
  #running: Disposable | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Watcher'))
  }

  constructor(watches: FileWatches, path: string, events: number, listener: AnyFunction) {
    this.#watches = watches
    this.#path = path
    this.#events = events
    this.#listener = listener
  }

  /** @throws BusinessError 13900002, 13900012, 13900015 when it runs already */
  start(): void {
    if (this.#running !== undefined) throw fileError('EEXIST', { reason: 'the watcher runs already' })
    try {
      this.#running = this.#watches.add(this.#path, this.#events, ({ mask, cookie, name }) => {
        const fileName = name === '' ? this.#path : `${this.#path.replace(/\/$/, '')}/${name}`
        this.#listener({ fileName, event: mask & allEvents, cookie })
      })
    } catch (error) {
      throw asFileError(error)
    }
  }

  /** @throws BusinessError 13900020 when it does not run */
  stop(): void {
    if (this.#running === undefined) throw fileError('EINVAL', { reason: 'the watcher does not run' })
    this.#running[Symbol.dispose]()
    this.#running = undefined
  }
}

/** `createWatcher(path, events, listener)`: `events` are the IN_* bits of inotify(7), as on the device. */
export function createWatcher(watches: FileWatches, [path, events, listener]: readonly unknown[]): Watcher {
  const mask = countArgument(events, 'events', 0)
  if (mask === 0 || mask > allEvents) throw invalidArgument('events', `is not within 1..${allEvents}`)
  if (!isFunction(listener)) throw invalidArgument('listener', 'is not a function')
  return new Watcher(watches, pathArgument(path), mask, listener)
}

import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const closeDescriptor = declareRaw<[fd: number]>('int close(int)')
const duplicate = declareChecked<[fd: number, command: number, least: number]>('int fcntl(int, int, int)')

/** fcntl(2): duplicate with FD_CLOEXEC set. */
const F_DUPFD_CLOEXEC = 1030
const EBADF = errnoNumber('EBADF')

/**
 * By number. No Map: one that lives long leaves a table in V8's old space after every few changes, and each table holds the next
 * one until all of the heap is collected.
 */
const owners: (Fd | undefined)[] = []
let ownedCount = 0

/** How many {@link Fd}s of this thread are owned and neither closed nor released: 0 at the end of a tidy test. */
export function openFds(): number {
  return ownedCount
}

/**
 * The one owner of a file descriptor. It closes exactly once; whoever gives the number to somebody who will close it
 * (node's `net.Socket`, a spawned child's stdio does not) calls {@link Fd.release} instead of {@link Fd.close}.
 */
export class Fd implements Disposable {
  #number: number
  /** Most descriptors have none. */
  #beforeEnd: Set<() => void> | undefined

  private constructor(number: number) {
    this.#number = number
  }

  /**
   * Takes ownership of a descriptor.
   *
   * @param number an open descriptor, 0 or more
   * @throws RangeError for anything else, and for a descriptor that already has an owner
   */
  static adopt(number: number): Fd {
    if (!Number.isInteger(number) || number < 0) throw new RangeError(`fd: ${number} is not a descriptor`)
    if (owners[number] !== undefined) throw new RangeError(`fd: ${number} already has an owner`)
    const fd = new Fd(number)
    owners[number] = fd
    ownedCount += 1
    return fd
  }

  /** The descriptor, for a call made at once; not to be kept. @throws Error when closed or released */
  get number(): number {
    if (this.#number < 0) throw new Error('fd: used after close')
    return this.#number
  }

  /** Whether this object no longer owns a descriptor. */
  get closed(): boolean {
    return this.#number < 0
  }

  /** A second descriptor of the same open file, close-on-exec. @throws SystemError EMFILE */
  dup(): Fd {
    return Fd.adopt(duplicate(this.number, F_DUPFD_CLOEXEC, 0))
  }

  /** Gives the descriptor up without closing it, and returns it: the caller closes it now. */
  release(): number {
    const number = this.number
    this.#end()
    return number
  }

  /**
   * Closes the descriptor; again: nothing.
   *
   * @throws SystemError EBADF when somebody else closed it, which is always a mistake worth hearing of. Other errors of
   * close(2) leave the descriptor closed on Linux and are not reported.
   */
  close(): void {
    if (this.#number < 0) return
    const number = this.#number
    this.#end()
    const result = closeDescriptor(number)
    if (result === -EBADF) check(result, 'close', `descriptor ${number}`)
  }

  /**
   * Runs `listener` just before the descriptor is closed or released, e.g. to stop polling it.
   *
   * @returns what removes the listener
   */
  beforeEnd(listener: () => void): () => void {
    this.#beforeEnd ??= new Set()
    this.#beforeEnd.add(listener)
    return () => {
      this.#beforeEnd?.delete(listener)
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #end(): void {
    for (const listener of this.#beforeEnd ?? []) listener()
    this.#beforeEnd = undefined
    Reflect.deleteProperty(owners, this.#number)
    ownedCount -= 1
    this.#number = -1
  }
}

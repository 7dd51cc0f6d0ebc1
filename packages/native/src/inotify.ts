import { Fd } from './fd.ts'
import { readFd } from './fd-io.ts'
import { declareChecked } from './libc.ts'
import { watchFd } from './watch-fd.ts'

const initialize = declareChecked<[flags: number]>('int inotify_init1(int)')
const addWatch = declareChecked<[fd: number, path: string, mask: number]>(
  'int inotify_add_watch(int, const char *, uint32_t)',
)
const removeWatch = declareChecked<[fd: number, watch: number]>('int inotify_rm_watch(int, int)')

const IN_NONBLOCK = 0o4000
const IN_CLOEXEC = 0o2000000
/** Many events per read; one takes at most 16 bytes and a name of 256. */
const BUFFER_SIZE = 64 * 1024
/** Reads per turn of the event loop, so that a storm of changes does not stop everything else. */
const READS_PER_TURN = 16

/** One change, as inotify(7) tells it. */
export interface FileEvent {
  /** Which watch it is of, from {@link Inotify.add}; -1 for IN_Q_OVERFLOW. */
  readonly watch: number
  /** IN_* bits, include/uapi/linux/inotify.h. */
  readonly mask: number
  /** The same number for both halves of a rename, else 0. */
  readonly cookie: number
  /** Of the entry, when a folder is watched, else `''`. */
  readonly name: string
}

/** Tells of changes of files and folders until disposed. */
export class Inotify implements Disposable {
  readonly #fd: Fd
  readonly #poll: Disposable
  readonly #onEvent: (event: FileEvent) => void
  readonly #buffer = Buffer.alloc(BUFFER_SIZE)

  private constructor(fd: Fd, onEvent: (event: FileEvent) => void) {
    this.#fd = fd
    this.#onEvent = onEvent
    this.#poll = watchFd(fd, { readable: true }, () => this.#read())
  }

  /** @throws SystemError EMFILE: the user has too many (fs.inotify.max_user_instances) */
  static open(onEvent: (event: FileEvent) => void): Inotify {
    const fd = Fd.adopt(initialize(IN_NONBLOCK | IN_CLOEXEC))
    try {
      return new Inotify(fd, onEvent)
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /**
   * Watches a path.
   *
   * @param mask IN_* bits. For a file that is watched already they replace the former ones, unless IN_MASK_ADD is set
   * @returns the number of the watch: the same for the same file, however it is spelt
   * @throws SystemError ENOENT, EACCES, ENOSPC (fs.inotify.max_user_watches), EINVAL for an empty mask
   */
  add(path: string, mask: number): number {
    return addWatch(this.#fd.number, path, mask)
  }

  /** Ends a watch; IN_IGNORED is told afterwards. @throws SystemError EINVAL when the file is gone already */
  remove(watch: number): void {
    removeWatch(this.#fd.number, watch)
  }

  [Symbol.dispose](): void {
    this.#poll[Symbol.dispose]()
    this.#fd.close()
  }

  #read(): void {
    for (let reads = 0; reads < READS_PER_TURN && !this.#fd.closed; reads++) {
      const length = readFd(this.#fd, this.#buffer)
      if (length === 'again') return
      for (const event of decodeFileEvents(this.#buffer.subarray(0, length))) {
        if (!this.#fd.closed) this.#onEvent(event)
      }
    }
  }
}

/** Reads a sequence of `struct inotify_event`: wd, mask, cookie, length of the name with its padding of NULs, name. */
function decodeFileEvents(bytes: Buffer): FileEvent[] {
  const events: FileEvent[] = []
  for (let at = 0; at + 16 <= bytes.length;) {
    const padded = bytes.readUInt32LE(at + 12)
    const name = bytes.toString('utf8', at + 16, at + 16 + padded)
    const end = name.indexOf('\0')
    events.push({
      watch: bytes.readInt32LE(at),
      mask: bytes.readUInt32LE(at + 4),
      cookie: bytes.readUInt32LE(at + 8),
      name: end === -1 ? name : name.slice(0, end),
    })
    at += 16 + padded
  }
  return events
}

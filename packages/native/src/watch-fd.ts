import koffi from 'koffi'

import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'

const epollCreate = declareChecked<[flags: number]>('int epoll_create1(int)')
const epollControl = declareRaw<[epoll: number, operation: number, fd: number, event: Uint8Array]>(
  'int epoll_ctl(int, int, int, void *)',
)
const pollDescriptors = declareRaw<[fds: Uint8Array, count: number, timeoutMs: number]>(
  'int poll(void *, unsigned long, int)',
)

const EPOLL_CLOEXEC = 0o2000000
const EPOLL_CTL_ADD = 1
const POLLERR = 0x8
const POLLNVAL = 0x20

/** What to wait for; at least one must be true. */
export interface Interest {
  readonly readable?: boolean
  readonly writable?: boolean
}

/** What was found. `disconnect`: the other end is gone, or the descriptor has failed for good. */
export interface Ready {
  readonly readable: boolean
  readonly writable: boolean
  readonly disconnect: boolean
}

/** A running watch. Disposing it, or closing the Fd, ends it; either may be done repeatedly and inside the callback. */
export interface FdWatch extends Disposable {
  /** Waits for something else from now on. */
  update(interest: Interest): void
  /** Lets the process end although this watch is running. */
  unref(): void
}

/** koffi's own typings omit the status: see its src/koffi/src/uv.cc, `OnPoll`. */
type KoffiPollCallback = (status: number, ready: Ready) => void

let turnEnds = false

/**
 * Lets what `onReady` resolved go on in this turn of the event loop. koffi calls it without node's callback scope, and
 * from v26.4 on node runs no microtasks after that (nodejs/node#62969, #66158): they would wait for the next timer or
 * whatever else node itself calls. Its immediates come right after the descriptors, as microtasks did before.
 */
function continueThisTurn(): void {
  if (turnEnds) return
  turnEnds = true
  setImmediate(() => {
    turnEnds = false
  })
}

/** Live watches by descriptor. The map also keeps koffi's handles from the garbage collector, which would silence them. */
const watches = new Map<number, ReturnType<typeof koffi.node.poll>>()

/**
 * Calls `onReady` from the event loop each time the descriptor is ready (level triggered: again until it is drained).
 * Works for whatever poll(2) works for: sockets, netlink, TUN, pidfd, pipes. libuv makes the open file non-blocking.
 *
 * - An exception of `onReady` becomes an `uncaughtException`; the watch goes on.
 * - A pending error (POLLERR, e.g. netlink's ENOBUFS) is reported as readiness: the next call on the descriptor tells
 *   the error. If that does not clear it (e.g. the TUN device was deleted), `disconnect` is reported and the watch ends.
 * - A worker thread must dispose its watches before it ends; `worker.terminate()` with live ones aborts the process.
 *
 * @param fd watched by nobody else, neither here nor by node
 * @param interest what to wait for
 * @throws TypeError when nothing is waited for, or the descriptor is watched already
 * @throws SystemError EPERM for what cannot be polled, such as regular files
 */
export function watchFd(fd: Fd, interest: Interest, onReady: (ready: Ready) => void): FdWatch {
  const number = fd.number
  checkInterest(interest)
  if (watches.has(number)) throw new TypeError(`fd: ${number} is watched already`)
  checkPollable(number)

  let wanted = interest
  let ended = false

  const end = (): void => {
    if (ended) return
    ended = true
    forget()
    watches.delete(number)
    handle.close()
  }
  const report = (ready: Ready): void => {
    continueThisTurn()
    try {
      onReady(ready)
    } catch (error) {
      setImmediate(() => {
        throw error
      })
    }
  }
  const onPoll: KoffiPollCallback = (status, ready) => {
    if (ended) return
    if (status >= 0) return report(ready)
    // libuv stops a poll at POLLERR and calls it EBADF.
    report({ readable: wanted.readable === true, writable: wanted.writable === true, disconnect: false })
    if (ended) return
    if (hasError(number)) {
      end()
      report({ readable: false, writable: false, disconnect: true })
    } else {
      start()
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- koffi's typings omit the status
  const callback = onPoll as unknown as (ready: Ready) => void
  const start = (): void => handle.start(events(wanted), callback)

  const handle = koffi.node.poll(number, events(wanted), callback)
  watches.set(number, handle)
  const forget = fd.beforeEnd(end)

  return {
    update(next) {
      checkInterest(next)
      if (ended) throw new Error('watch: updated after its end')
      if (isSame(next, wanted)) return
      wanted = next
      start()
    },
    unref() {
      if (!ended) handle.unref()
    },
    [Symbol.dispose]: end,
  }
}

function isSame(one: Interest, other: Interest): boolean {
  return (
    (one.readable === true) === (other.readable === true) &&
    (one.writable === true) === (other.writable === true)
  )
}

function events(interest: Interest): { readable: boolean; writable: boolean; disconnect: boolean } {
  return { readable: interest.readable === true, writable: interest.writable === true, disconnect: true }
}

function checkInterest(interest: Interest): void {
  if (interest.readable !== true && interest.writable !== true) {
    throw new TypeError('interest: readable or writable must be true')
  }
}

/** Asks epoll whether it takes the descriptor; koffi would abort the process where this throws. */
function checkPollable(number: number): void {
  using epoll = Fd.adopt(epollCreate(EPOLL_CLOEXEC))
  check(
    epollControl(epoll.number, EPOLL_CTL_ADD, number, Buffer.alloc(12)),
    'epoll_ctl',
    `descriptor ${number}`,
  )
}

function hasError(number: number): boolean {
  const pollfd = Buffer.alloc(8)
  pollfd.writeInt32LE(number, 0)
  check(pollDescriptors(pollfd, 1, 0), 'poll')
  return (pollfd.readInt16LE(6) & (POLLERR | POLLNVAL)) !== 0
}

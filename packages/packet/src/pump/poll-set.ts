import { pollAt, readAt, SystemError } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { EBADFD, EINTR } from '../errno.ts'

// include/uapi/asm-generic/poll.h
const POLLIN = 0x1
const POLLOUT = 0x4
const POLLERR = 0x8
const POLLNVAL = 0x20
/** sizeof(struct pollfd): int fd, short events, short revents. */
const entrySize = 8

const wakeEntry = 0
const tunEntry = 1
const firstSocketEntry = 2

/** A socket, as far as sleeping is concerned. */
interface Filling {
  /** Whether it is full: then the thread waits for room in it, and leaves the TUN device alone. */
  readonly waiting: boolean
}

/** What the pump's thread sleeps on: TUN device, UDP sockets, and the eventfd by which the main thread wakes it. */
export class PollSet {
  readonly #arena: Arena
  readonly #entries: number
  readonly #wakeValue: number
  readonly #wake: number
  readonly #sockets: number

  constructor(arena: Arena, tun: number, sockets: readonly number[], wake: number) {
    this.#arena = arena
    this.#entries = arena.allocate((firstSocketEntry + sockets.length) * entrySize)
    this.#wakeValue = arena.allocate(8)
    this.#wake = wake
    this.#sockets = sockets.length
    for (const [index, fd] of [wake, tun, ...sockets].entries()) {
      arena.view.setInt32(this.#entries + index * entrySize, fd, true)
      arena.view.setInt16(this.#entries + index * entrySize + 4, POLLIN, true)
    }
  }

  /** Whether the main thread woke this one, as of the last {@link wait}. */
  get woken(): boolean {
    return (this.#ready(wakeEntry) & POLLIN) !== 0
  }

  /** Whether there is something to read from the TUN device, as of the last {@link wait}. */
  get tunReady(): boolean {
    return (this.#ready(tunEntry) & POLLIN) !== 0
  }

  /** The same of a socket; or whether it has an error to tell. */
  socketReady(index: number): boolean {
    return (this.#ready(firstSocketEntry + index) & (POLLIN | POLLERR)) !== 0
  }

  /**
   * Sleeps until there is something to do, and finds out where.
   *
   * @param senders one for each socket
   * @param timeoutMs -1 for no limit, 0 to only look
   * @returns whether there is something
   * @throws SystemError EBADFD when the TUN device is gone
   */
  wait(senders: readonly Filling[], timeoutMs: number): boolean {
    const { address } = this.#arena
    let full = false
    for (let index = 0; index < senders.length; index++) {
      const waiting = senders[index]?.waiting === true
      full ||= waiting
      this.#want(firstSocketEntry + index, waiting ? POLLIN | POLLOUT : POLLIN)
    }
    this.#want(tunEntry, full ? 0 : POLLIN)
    const result = pollAt(address + this.#entries, firstSocketEntry + senders.length, timeoutMs)
    if (result < 0) {
      if (result !== -EINTR) throw new SystemError(-result, 'poll')
      for (let index = 0; index < firstSocketEntry + this.#sockets; index++) this.#clear(index)
    }
    if (result <= 0) return false
    if ((this.#ready(tunEntry) & (POLLERR | POLLNVAL)) !== 0)
      throw new SystemError(EBADFD, 'poll', { detail: 'TUN' })
    for (let index = 0; index < senders.length; index++) {
      if ((this.#ready(firstSocketEntry + index) & POLLNVAL) !== 0)
        throw new SystemError(EBADFD, 'poll', { detail: 'UDP' })
    }
    if (this.woken) readAt(this.#wake, address + this.#wakeValue, 8)
    return true
  }

  #want(index: number, events: number): void {
    this.#arena.view.setInt16(this.#entries + index * entrySize + 4, events, true)
  }

  #clear(index: number): void {
    this.#arena.view.setInt16(this.#entries + index * entrySize + 6, 0, true)
  }

  #ready(index: number): number {
    return this.#arena.view.getInt16(this.#entries + index * entrySize + 6, true)
  }
}

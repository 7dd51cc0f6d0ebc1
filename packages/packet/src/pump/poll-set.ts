import { pollAt, readAt, SystemError } from '@vpnext/native'

import type { Arena } from '../arena/arena.ts'
import { EBADFD, EINTR } from '../errno.ts'
import { Alarm } from './alarm.ts'

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

/** The descriptors of a pump's thread, by their numbers. */
export interface PollDescriptors {
  readonly tun: number
  readonly sockets: readonly number[]
  /** The eventfd by which the main thread wakes it. */
  readonly wake: number
  /** The timer that ends its sleep. */
  readonly timer: number
}

/** What the pump's thread sleeps on: TUN device, UDP sockets, the main thread's call and the alarm. */
export class PollSet {
  readonly alarm: Alarm
  readonly #arena: Arena
  readonly #entries: number
  readonly #wakeValue: number
  readonly #wake: number
  readonly #sockets: number

  constructor(arena: Arena, { sockets, timer, tun, wake }: PollDescriptors) {
    this.alarm = new Alarm(arena, timer)
    this.#arena = arena
    // The alarm is behind the sockets: whoever only looks knows the time himself.
    const descriptors = [wake, tun, ...sockets, timer]
    this.#entries = arena.allocate(descriptors.length * entrySize)
    this.#wakeValue = arena.allocate(8)
    this.#wake = wake
    this.#sockets = sockets.length
    for (const [index, fd] of descriptors.entries()) {
      arena.view.setInt32(this.#entries + index * entrySize, fd, true)
      arena.view.setInt16(this.#entries + index * entrySize + 4, POLLIN, true)
    }
  }

  /** Whether the main thread woke this one, as of the last {@link look} or {@link sleep}. */
  get woken(): boolean {
    return (this.#ready(wakeEntry) & POLLIN) !== 0
  }

  /** Whether there is something to read from the TUN device, as of then. */
  get tunReady(): boolean {
    return (this.#ready(tunEntry) & POLLIN) !== 0
  }

  /** The same of a socket; or whether it has an error to tell. */
  socketReady(index: number): boolean {
    return (this.#ready(firstSocketEntry + index) & (POLLIN | POLLERR)) !== 0
  }

  /**
   * Finds out where there is something to do.
   *
   * @param senders one for each socket
   * @returns whether there is something
   * @throws SystemError EBADFD when the TUN device is gone
   */
  look(senders: readonly Filling[]): boolean {
    return this.#poll(senders, firstSocketEntry + senders.length, 0)
  }

  /** The same, and sleeps until there is something, or the {@link alarm} goes off. */
  sleep(senders: readonly Filling[]): boolean {
    return this.#poll(senders, firstSocketEntry + senders.length + 1, -1)
  }

  #poll(senders: readonly Filling[], count: number, timeoutMs: number): boolean {
    const { address } = this.#arena
    let full = false
    for (let index = 0; index < senders.length; index++) {
      const waiting = senders[index]?.waiting === true
      full ||= waiting
      this.#want(firstSocketEntry + index, waiting ? POLLIN | POLLOUT : POLLIN)
    }
    this.#want(tunEntry, full ? 0 : POLLIN)
    const result = pollAt(address + this.#entries, count, timeoutMs)
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

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

const tunEntry = 0
const udpEntry = 1
const wakeEntry = 2

/** What the pump's thread sleeps on: TUN device, UDP socket, and the eventfd by which the main thread wakes it. */
export class PollSet {
  readonly #arena: Arena
  readonly #entries: number
  readonly #wakeValue: number
  readonly #wake: number

  constructor(arena: Arena, tun: number, udp: number, wake: number) {
    this.#arena = arena
    this.#entries = arena.allocate(3 * entrySize)
    this.#wakeValue = arena.allocate(8)
    this.#wake = wake
    for (const [index, fd] of [tun, udp, wake].entries()) {
      arena.view.setInt32(this.#entries + index * entrySize, fd, true)
      arena.view.setInt16(this.#entries + index * entrySize + 4, POLLIN, true)
    }
  }

  /**
   * Sleeps.
   *
   * @param udpFull whether to wait for the socket to take datagrams again; the TUN device is left alone meanwhile
   * @param timeoutMs -1 for no limit
   * @throws SystemError EBADFD when the TUN device is gone
   */
  wait(udpFull: boolean, timeoutMs: number): void {
    const { view, address } = this.#arena
    view.setInt16(this.#entries + tunEntry * entrySize + 4, udpFull ? 0 : POLLIN, true)
    view.setInt16(this.#entries + udpEntry * entrySize + 4, udpFull ? POLLIN | POLLOUT : POLLIN, true)
    const result = pollAt(address + this.#entries, 3, timeoutMs)
    if (result < 0 && result !== -EINTR) throw new SystemError(-result, 'poll')
    if (result <= 0) return
    if ((this.#ready(tunEntry) & (POLLERR | POLLNVAL)) !== 0)
      throw new SystemError(EBADFD, 'poll', { detail: 'TUN' })
    if ((this.#ready(udpEntry) & POLLNVAL) !== 0) throw new SystemError(EBADFD, 'poll', { detail: 'UDP' })
    if ((this.#ready(wakeEntry) & POLLIN) !== 0) readAt(this.#wake, address + this.#wakeValue, 8)
  }

  #ready(index: number): number {
    return this.#arena.view.getInt16(this.#entries + index * entrySize + 6, true)
  }
}

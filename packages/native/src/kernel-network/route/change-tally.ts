import { isSystemError } from '../../system-error.ts'
import { watchFd } from '../../watch-fd.ts'
import { NETLINK_ROUTE } from '../netlink/constants.ts'
import { NetlinkSocket } from '../netlink/socket.ts'
import { bitsOf } from './groups.ts'
import type { NetlinkGroup } from './groups.ts'

/** Says whether something has changed, not what. */
export interface ChangeTally extends Disposable {
  /** Whether anything in the groups has changed since this was asked last, or since the tally was opened. Never waits. */
  changed(): boolean
}

/** An overrun is a change like another, so the queue needs little room; bytes. */
const RECEIVE_QUEUE = 64 * 1024

/**
 * Lets somebody who has read the kernel's network keep what was read: the kernel queues the news of a change before the
 * call that made it returns, so what is unchanged by the tally is unchanged.
 *
 * @param groups at least one
 * @param onChange called from the event loop after changes that nobody has asked for yet; it does not keep the process alive
 * @returns of the network namespace that the calling thread is in now
 * @throws SystemError when the socket cannot be made
 */
export function openChangeTally(groups: readonly NetlinkGroup[], onChange: () => void): ChangeTally {
  const socket = NetlinkSocket.open(NETLINK_ROUTE, bitsOf(groups), RECEIVE_QUEUE)
  let isHeard = false
  const watch = watchFd(socket.fd, { readable: true }, () => {
    if (!takeAll(socket)) return
    isHeard = true
    onChange()
  })
  watch.unref()
  return {
    changed() {
      const isChanged = takeAll(socket) || isHeard
      isHeard = false
      return isChanged
    },
    [Symbol.dispose]() {
      watch[Symbol.dispose]()
      socket[Symbol.dispose]()
    },
  }
}

function takeAll(socket: NetlinkSocket): boolean {
  for (let found = false; ; found = true) {
    try {
      if (socket.receive() === undefined) return found
    } catch (error) {
      if (!isSystemError(error, 'ENOBUFS')) throw error
    }
  }
}

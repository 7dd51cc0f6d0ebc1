import { close } from 'node:fs'

import type { Fd } from './fd.ts'
import { clearLinger } from './inet-socket.ts'
import { cFunction, startThread } from './native-thread.ts'
import { SystemError } from './system-error.ts'

const closeRoutine = cFunction('close')

/**
 * Closes a descriptor of a stranger without waiting for it. close(2) may block for as long as the stranger likes
 * (SO_LINGER on a socket, a FUSE server that does not answer the flush), so it runs in a detached native thread of its
 * own: neither the event loop nor libuv's four pool threads can be stopped this way. At the thread limit one pool
 * thread has to do. Of a socket SO_LINGER is cleared first, so that a peer that does not read keeps no thread, of which
 * a stranger could otherwise have as many as it likes.
 *
 * @param fd closed from the caller's view at once; nothing if it is closed already
 */
export function closeInThread(fd: Fd): void {
  if (fd.closed) return
  clearLingerOfSocket(fd)
  const number = fd.release()
  const thread = startThread(closeRoutine, BigInt(number))
  if (thread === undefined) close(number, () => {})
  else thread.detach()
}

function clearLingerOfSocket(fd: Fd): void {
  try {
    clearLinger(fd)
  } catch (error) {
    // ENOTSOCK; EBADF for one that only names a place (O_PATH); what else a family of sockets may say.
    if (!(error instanceof SystemError)) throw error
  }
}

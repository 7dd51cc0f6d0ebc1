import { close } from 'node:fs'

import type { Fd } from './fd.ts'
import { cFunction, startThread } from './native-thread.ts'

const closeRoutine = cFunction('close')

/**
 * Closes a descriptor of a stranger without waiting for it. close(2) may block for as long as the stranger likes
 * (SO_LINGER on a socket, a FUSE server that does not answer the flush), so it runs in a detached native thread of its
 * own: neither the event loop nor libuv's four pool threads can be stopped this way. At the thread limit one pool
 * thread has to do.
 *
 * @param fd closed from the caller's view at once; nothing if it is closed already
 */
export function closeInThread(fd: Fd): void {
  if (fd.closed) return
  const number = fd.release()
  const thread = startThread(closeRoutine, BigInt(number))
  if (thread === undefined) close(number, () => {})
  else thread.detach()
}

import { fsyncSync } from 'node:fs'

import { cFunction, startThread } from './native-thread.ts'
import { errnoNumber, SystemError } from './system-error.ts'

const fsyncRoutine = cFunction('fsync')
const EIO = errnoNumber('EIO')

/**
 * Begins fsync(2) in a native thread, so that the caller can do something else meanwhile without leaving its turn of the
 * event loop.
 *
 * @param fd of a file or directory; stays open until the wait is over
 * @returns waits until everything is on disk, to be called exactly once. @throws node's error of fsync, e.g. EBADF, or SystemError EIO where the
 * cause is not known any more
 */
export function syncInThread(fd: number): () => void {
  const thread = startThread(fsyncRoutine, BigInt(fd))
  if (thread === undefined) return () => fsyncSync(fd)
  return () => {
    if (thread.join() === 0) return
    // Its errno is gone with the thread.
    fsyncSync(fd)
    throw new SystemError(EIO, 'fsync')
  }
}

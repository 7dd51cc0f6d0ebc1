import { fdatasyncSync, fsyncSync } from 'node:fs'

import { cFunction, startThread } from './native-thread.ts'
import { errnoNumber, SystemError } from './system-error.ts'

/** Everything, or without what is not needed to read the content back, e.g. the time of change. */
export type Synced = 'all' | 'data'

const routines = { all: cFunction('fsync'), data: cFunction('fdatasync') } as const
const inPlace = { all: fsyncSync, data: fdatasyncSync } as const
const EIO = errnoNumber('EIO')

/**
 * Begins fsync(2), or fdatasync(2), in a native thread, so that the caller can do something else meanwhile without leaving its turn of the
 * event loop.
 *
 * @param fd of a file or directory; stays open until the wait is over
 * @returns waits until everything is on disk, to be called exactly once. @throws node's error of fsync, e.g. EBADF, or SystemError EIO where the
 * cause is not known any more
 */
export function syncInThread(fd: number, what: Synced = 'all'): () => void {
  const thread = startThread(routines[what], BigInt(fd))
  if (thread === undefined) return () => inPlace[what](fd)
  return () => {
    if (thread.join() === 0) return
    // Its errno is gone with the thread.
    inPlace[what](fd)
    throw new SystemError(EIO, 'fsync')
  }
}

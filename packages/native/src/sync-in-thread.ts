import { fsyncSync } from 'node:fs'

import { declare } from './libc.ts'
import { errnoNumber, SystemError } from './system-error.ts'

const findSymbol = declare<[handle: null, name: string], bigint | null>('void *dlsym(void *, const char *)')
/** The start routine and its argument are declared as integers, because C's `fsync` is passed for the former. */
const createThread = declare<[thread: Uint8Array, attributes: null, start: bigint, argument: bigint], number>(
  'int pthread_create(void *, const void *, uintptr_t, uintptr_t)',
)
const joinThread = declare<[thread: bigint, result: Uint8Array], number>(
  'int pthread_join(uintptr_t, void *)',
)

const fsyncRoutine = findSymbol(null, 'fsync')
const EIO = errnoNumber('EIO')

/**
 * Begins fsync(2) in a native thread, so that the caller can do something else meanwhile without leaving its turn of the
 * event loop.
 *
 * The calling conventions of x86-64 and arm64 pass a start routine's pointer where `fsync` expects its int.
 *
 * @param fd of a file or directory; stays open until the wait is over
 * @returns waits until everything is on disk, to be called exactly once. @throws node's error of fsync, e.g. EBADF, or SystemError EIO where the
 * cause is not known any more
 */
export function syncInThread(fd: number): () => void {
  const thread = Buffer.alloc(8)
  if (fsyncRoutine === null || createThread(thread, null, fsyncRoutine, BigInt(fd)) !== 0) {
    return () => fsyncSync(fd)
  }
  return () => {
    const result = Buffer.alloc(8)
    joinThread(thread.readBigUInt64LE(0), result)
    if (result.readInt32LE(0) === 0) return
    // Its errno is gone with the thread.
    fsyncSync(fd)
    throw new SystemError(EIO, 'fsync')
  }
}

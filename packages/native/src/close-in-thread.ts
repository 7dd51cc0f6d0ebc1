import { close } from 'node:fs'

import type { Fd } from './fd.ts'
import { declare } from './libc.ts'

const findSymbol = declare<[handle: null, name: string], bigint | null>('void *dlsym(void *, const char *)')
/** The start routine and its argument are declared as integers, because C's `close` is passed for the former. */
const createThread = declare<[thread: Uint8Array, attributes: null, start: bigint, argument: bigint], number>(
  'int pthread_create(void *, const void *, uintptr_t, uintptr_t)',
)
const detachThread = declare<[thread: bigint], number>('int pthread_detach(uintptr_t)')

const closeRoutine = findSymbol(null, 'close')

/**
 * Closes a descriptor of a stranger without waiting for it. close(2) may block for as long as the stranger likes
 * (SO_LINGER on a socket, a FUSE server that does not answer the flush), so it runs in a detached native thread of its
 * own: neither the event loop nor libuv's four pool threads can be stopped this way. At the thread limit one pool
 * thread has to do.
 *
 * The calling conventions of x86-64 and arm64 pass a start routine's pointer where `close` expects its int.
 *
 * @param fd closed from the caller's view at once; nothing if it is closed already
 */
export function closeInThread(fd: Fd): void {
  if (fd.closed) return
  const number = fd.release()
  const thread = Buffer.alloc(8)
  if (closeRoutine === null || createThread(thread, null, closeRoutine, BigInt(number)) !== 0) {
    close(number, () => {})
    return
  }
  detachThread(thread.readBigUInt64LE(0))
}

import koffi from 'koffi'

import type { Fd } from '../../fd.ts'
import { declare } from '../../libc.ts'
import { cFunction, startThread } from '../../native-thread.ts'

const cookieFunctions = koffi.struct({
  read: 'uintptr_t',
  write: 'uintptr_t',
  seek: 'uintptr_t',
  close: 'uintptr_t',
})
const openCookie: (
  cookie: number,
  mode: string,
  functions: Readonly<Record<'read' | 'write' | 'seek' | 'close', bigint>>,
) => bigint = koffi
  .load(null)
  .func('fopencookie', 'uintptr_t', ['uintptr_t', 'const char *', cookieFunctions])
const setBuffer = declare<[stream: bigint, buffer: Uint8Array, mode: number, size: number], number>(
  'int setvbuf(uintptr_t, void *, int, size_t)',
)
const writeStream = declare<
  [bytes: Uint8Array, size: number, count: number, stream: bigint],
  number | bigint
>('size_t fwrite(const void *, size_t, size_t, uintptr_t)')
const purgeStream = declare<[stream: bigint], undefined>('void __fpurge(uintptr_t)')
const closeStream = declare<[stream: bigint], number>('int fclose(uintptr_t)')

const flushRoutine = cFunction('fflush')
const writeRoutine = cFunction('write')

/** stdio.h */
const IOFBF = 0
const MIN_BUFFER = 4096

/**
 * Begins write(2) of one datagram in a native thread.
 *
 * The routine of a thread takes one pointer, write(2) takes three arguments. So the bytes lie in the buffer of a stream of
 * fopencookie(3) whose cookie is the descriptor and whose write function is write(2): the thread flushes it, with one
 * call.
 *
 * @param fd a connected socket, or one of netlink, which writes to the kernel; stays open until the wait is over
 * @returns waits for the end, to be called exactly once, and tells whether all was sent; undefined where no thread is to
 * be had: nothing has been done
 */
export function sendInThread(fd: Fd, bytes: Uint8Array): (() => boolean) | undefined {
  if (flushRoutine === null || writeRoutine === null) return undefined
  const stream = openCookie(fd.number, 'w', { read: 0n, write: writeRoutine, seek: 0n, close: 0n })
  if (stream === 0n) return undefined
  // stdio writes out by itself what fills its buffer, and whatever it is given with a buffer below 128 bytes.
  const buffer = Buffer.allocUnsafeSlow(bytes.length + MIN_BUFFER)
  setBuffer(stream, buffer, IOFBF, buffer.length)
  writeStream(bytes, 1, bytes.length, stream)
  const release = (): void => {
    // Whatever is left in the buffer must not be sent again.
    purgeStream(stream)
    closeStream(stream)
    // Named here, so that it lives as long as the stream.
    buffer.fill(0, 0, 1)
  }
  const thread = startThread(flushRoutine, stream)
  if (thread === undefined) {
    release()
    return undefined
  }
  return () => {
    const result = thread.join()
    release()
    return result === 0
  }
}

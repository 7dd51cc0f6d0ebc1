import koffi from 'koffi'

import { declare } from '../../libc.ts'

const cookieFunctions = koffi.struct({
  read: 'uintptr_t',
  write: 'uintptr_t',
  seek: 'uintptr_t',
  close: 'uintptr_t',
})
const standardLibrary = koffi.load(null)

const openCookie: (
  cookie: unknown,
  mode: string,
  functions: Readonly<Record<'read' | 'write' | 'seek' | 'close', bigint>>,
) => bigint = standardLibrary.func('fopencookie', 'uintptr_t', ['void *', 'const char *', cookieFunctions])
const setBuffer = declare<[stream: bigint, buffer: Uint8Array, mode: number, size: number], number>(
  'int setvbuf(uintptr_t, void *, int, size_t)',
)
const writeStream = declare<
  [bytes: Uint8Array, size: number, count: number, stream: bigint],
  number | bigint
>('size_t fwrite(const void *, size_t, size_t, uintptr_t)')
const purgeStream = declare<[stream: bigint], undefined>('void __fpurge(uintptr_t)')
const closeStream = declare<[stream: bigint], number>('int fclose(uintptr_t)')
const openLibrary = declare<[name: string, flags: number], bigint | null>('void *dlopen(const char *, int)')
const findSymbol = declare<[handle: bigint | null, name: string], bigint | null>(
  'void *dlsym(void *, const char *)',
)
const createThread = declare<[thread: Uint8Array, attributes: null, start: bigint, argument: bigint], number>(
  'int pthread_create(void *, const void *, uintptr_t, uintptr_t)',
)
const joinThread = declare<[thread: bigint, result: null], number>('int pthread_join(uintptr_t, void *)')

/** stdio.h */
const IOFBF = 0
const MIN_BUFFER = 4096
/** dlfcn.h, RTLD_NOW | RTLD_NOLOAD: the library that is loaded already. */
const LOADED = 0x2 | 0x4

/**
 * Begins nft_run_cmd_from_buffer(3) in a native thread.
 *
 * The routine of a thread takes one pointer, that function two. So the commands, with their NUL, lie in the buffer of a
 * stream of fopencookie(3) whose cookie is the context and whose write function is libnftables': the thread flushes it.
 *
 * @param context of libnftables, which nobody uses until the wait is over. Its error buffer tells how it went
 * @returns waits for the end, to be called exactly once; undefined where no thread is to be had: nothing has been done
 */
export function runContextInThread(context: unknown, commands: string): (() => void) | undefined {
  const flush = findSymbol(null, 'fflush')
  const library = openLibrary('libnftables.so.1', LOADED)
  const write = library === null ? null : findSymbol(library, 'nft_run_cmd_from_buffer')
  if (flush === null || write === null) return undefined
  const stream = openCookie(context, 'w', { read: 0n, write, seek: 0n, close: 0n })
  if (stream === 0n) return undefined
  const bytes = Buffer.from(`${commands}\0`)
  // stdio writes out by itself what fills its buffer, and whatever it is given with a buffer below 128 bytes.
  const buffer = Buffer.allocUnsafeSlow(bytes.length + MIN_BUFFER)
  const release = (): void => {
    // Whatever is left in the buffer must not be run again.
    purgeStream(stream)
    closeStream(stream)
    // Named here, so that it lives as long as the stream.
    buffer.fill(0)
  }
  const thread = Buffer.alloc(8)
  setBuffer(stream, buffer, IOFBF, buffer.length)
  writeStream(bytes, 1, bytes.length, stream)
  if (createThread(thread, null, flush, stream) !== 0) {
    release()
    return undefined
  }
  return () => {
    joinThread(thread.readBigUInt64LE(0), null)
    release()
  }
}

import { declare } from './libc.ts'
import { onOtherProcessors } from './thread-placement.ts'

const findSymbol = declare<[handle: null, name: string], bigint | null>('void *dlsym(void *, const char *)')
/** The start routine and its argument are declared as integers, because C's own functions are passed for the former. */
const createThread = declare<
  [thread: Uint8Array, attributes: Uint8Array | null, start: bigint, argument: bigint],
  number
>('int pthread_create(void *, const void *, uintptr_t, uintptr_t)')
const joinThread = declare<[thread: bigint, result: Uint8Array], number>(
  'int pthread_join(uintptr_t, void *)',
)
const detachThread = declare<[thread: bigint], number>('int pthread_detach(uintptr_t)')

/** A thread that is to be joined or detached, exactly once. */
export interface NativeThread {
  /** Waits for the end of its routine. @returns what the routine has returned, an int */
  join(): number
  /** It goes on alone. */
  detach(): void
}

/** The address of a function of the C library; null where it has none of this name. */
export function cFunction(name: string): bigint | null {
  return findSymbol(null, name)
}

/**
 * Begins a function of one argument in a native thread. The calling conventions of x86-64 and arm64 pass a start
 * routine's pointer where `close` and `fsync` expect their int. What the function leaves in errno is gone with the thread.
 *
 * @param routine of {@link cFunction}
 * @returns undefined where the routine is missing or no thread is to be had: nothing has been done
 */
export function startThread(routine: bigint | null, argument: bigint): NativeThread | undefined {
  if (routine === null) return undefined
  const thread = Buffer.alloc(8)
  const elsewhere = onOtherProcessors()
  const isStarted =
    (elsewhere !== undefined && createThread(thread, elsewhere, routine, argument) === 0) ||
    createThread(thread, null, routine, argument) === 0
  if (!isStarted) return undefined
  const handle = thread.readBigUInt64LE(0)
  return {
    join() {
      const result = Buffer.alloc(8)
      joinThread(handle, result)
      return result.readInt32LE(0)
    },
    detach() {
      detachThread(handle)
    },
  }
}

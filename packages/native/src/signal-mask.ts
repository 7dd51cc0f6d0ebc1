import { declare } from './libc.ts'

const setMask = declare<[how: number, set: Uint8Array, former: Uint8Array | null], number>(
  'int pthread_sigmask(int, const void *, void *)',
)

/** include/uapi/asm-generic/signal-defs.h */
const SIG_SETMASK = 2
/** sizeof(sigset_t) of glibc and musl. */
const SET_SIZE = 128

/**
 * Does something that no signal to the process interrupts: other threads take them meanwhile, or they wait. For C functions
 * that answer EINTR without saying whether they have done their work.
 */
export function withoutSignals<Result>(action: () => Result): Result {
  const former = Buffer.alloc(SET_SIZE)
  setMask(SIG_SETMASK, Buffer.alloc(SET_SIZE, 0xff), former)
  try {
    return action()
  } finally {
    setMask(SIG_SETMASK, former, null)
  }
}

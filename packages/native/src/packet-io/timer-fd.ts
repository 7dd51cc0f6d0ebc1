import { Fd } from '../fd.ts'
import { declare, declareChecked, lastErrno } from '../libc.ts'
import { CLOCK_BOOTTIME } from './boot-clock.ts'

const createTimer = declareChecked<[clock: number, flags: number]>('int timerfd_create(int, int)')
const setTimer = declare<[fd: number, flags: number, value: number, old: number], number>(
  'int timerfd_settime(int, int, uintptr_t, uintptr_t)',
)

const TFD_NONBLOCK = 0o4000
const TFD_CLOEXEC = 0o2000000
const TFD_TIMER_ABSTIME = 1

/**
 * A timer that poll(2) can wait for (timerfd_create(2)), on the clock of {@link readBootClockAt}: time that the machine slept through
 * brings its moment nearer, which is not so with a time-out of poll(2). Readable once it has come; non-blocking, close-on-exec.
 */
export function bootTimerFd(): Fd {
  return Fd.adopt(createTimer(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC))
}

/**
 * Sets a {@link bootTimerFd} to a moment, in place of the one before; it is not readable until then. Allocates nothing and does not throw.
 *
 * @param fd its number
 * @param address of a struct itimerspec, 32 bytes: 16 of zeros, then the moment as {@link readBootClockAt} writes it; all zeros for never
 * @returns 0, or the negative errno
 */
export function setBootTimerAt(fd: number, address: number): number {
  const result = setTimer(fd, TFD_TIMER_ABSTIME, address, 0)
  return result === -1 ? -lastErrno() : result
}

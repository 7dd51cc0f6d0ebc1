import { declare } from '../libc.ts'

const getTime = declare<[clock: number, address: number], number>('int clock_gettime(int, uintptr_t)')

/** include/uapi/linux/time.h */
export const CLOCK_BOOTTIME = 7

/**
 * Writes the time since the machine started, its sleep included, as a struct timespec: seconds and nanoseconds, 8 bytes
 * each.
 *
 * @param address of 16 bytes
 */
export function readBootClockAt(address: number): void {
  getTime(CLOCK_BOOTTIME, address)
}

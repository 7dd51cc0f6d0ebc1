import { declareChecked } from './libc.ts'

const flush = declareChecked<[fd: number, queue: number]>('int tcflush(int, int)')

/** include/uapi/asm-generic/termbits.h */
const TCIFLUSH = 0

/**
 * Throws away what was typed on a terminal and nobody has read yet.
 *
 * @param fd number of a descriptor of the terminal; stays the caller's
 * @throws SystemError ENOTTY for anything else
 */
export function discardInput(fd: number): void {
  flush(fd, TCIFLUSH)
}

import type { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const seek = declareChecked<[fd: number, offset: number, whence: number]>('int64_t lseek(int, int64_t, int)')
const lock = declareRaw<[fd: number, operation: number]>('int flock(int, int)')

const whences = { start: 0, current: 1, end: 2 } as const
const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4
const LOCK_UN = 8
const EAGAIN = errnoNumber('EAGAIN')

/**
 * Moves the position of an open file, which all its duplicates share (lseek(2)).
 *
 * @param offset bytes from `whence`, a safe integer
 * @returns the new position in bytes
 * @throws SystemError EINVAL for a place before the start, ESPIPE for what has no position
 */
export function seekFile(fd: Fd, offset: number, whence: keyof typeof whences): number {
  return seek(fd.number, offset, whences[whence])
}

/**
 * Tries to lock an open file for this open file description (flock(2)): the lock ends with `unlockFile`, or when the last
 * duplicate of the descriptor is closed. It binds only programs that lock too. Never waits.
 *
 * @returns whether the lock is held now
 * @throws SystemError
 */
export function tryLockFile(fd: Fd, kind: 'shared' | 'exclusive'): boolean {
  const result = lock(fd.number, (kind === 'shared' ? LOCK_SH : LOCK_EX) | LOCK_NB)
  if (result === -EAGAIN) return false
  check(result, 'flock')
  return true
}

/** Ends a lock; one that is not held is no error. */
export function unlockFile(fd: Fd): void {
  check(lock(fd.number, LOCK_UN), 'flock')
}

import { fstatSync } from 'node:fs'

import type { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const read = declareRaw<[fd: number, buffer: Uint8Array, length: number]>(
  'intptr_t read(int, void *, size_t)',
)
const write = declareRaw<[fd: number, buffer: Uint8Array, length: number]>(
  'intptr_t write(int, const void *, size_t)',
)
const control = declareChecked<[fd: number, command: number, value: number]>('int fcntl(int, int, int)')

const EAGAIN = errnoNumber('EAGAIN')
const F_GETFD = 1
const F_SETFD = 2
const F_GETFL = 3
const F_SETFL = 4
const FD_CLOEXEC = 1
const O_NONBLOCK = 0o4000

/**
 * read(2) into the whole of `buffer`.
 *
 * @returns bytes read, 0 at the end; `'again'` when a non-blocking descriptor has nothing
 * @throws SystemError of read(2), e.g. EBADFD from a TUN whose device is gone
 */
export function readFd(fd: Fd, buffer: Uint8Array): number | 'again' {
  const result = read(fd.number, buffer, buffer.length)
  return result === -EAGAIN ? 'again' : check(result, 'read')
}

/**
 * write(2) of the whole of `buffer`.
 *
 * @returns bytes written, possibly fewer than given; `'again'` when a non-blocking descriptor is full
 * @throws SystemError of write(2)
 */
export function writeFd(fd: Fd, buffer: Uint8Array): number | 'again' {
  const result = write(fd.number, buffer, buffer.length)
  return result === -EAGAIN ? 'again' : check(result, 'write')
}

/** Sets or clears O_NONBLOCK of the open file, which every dup of it shares. */
export function setNonBlocking(fd: Fd, nonBlocking: boolean): void {
  const flags = control(fd.number, F_GETFL, 0)
  control(fd.number, F_SETFL, nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK)
}

/** Whether O_NONBLOCK is set. */
export function isNonBlocking(fd: Fd): boolean {
  return (control(fd.number, F_GETFL, 0) & O_NONBLOCK) !== 0
}

/** Sets or clears FD_CLOEXEC of this descriptor alone. */
export function setCloseOnExec(fd: Fd, closeOnExec: boolean): void {
  control(fd.number, F_SETFD, closeOnExec ? FD_CLOEXEC : 0)
}

/** Whether FD_CLOEXEC is set. */
export function isCloseOnExec(fd: Fd): boolean {
  return (control(fd.number, F_GETFD, 0) & FD_CLOEXEC) !== 0
}

/** What a descriptor refers to; `anonymous` covers epoll, eventfd, pidfd on older kernels and the like. */
export type FdKind =
  | 'file'
  | 'directory'
  | 'character-device'
  | 'block-device'
  | 'pipe'
  | 'socket'
  | 'symbolic-link'
  | 'anonymous'

/** The kind of file behind a descriptor, by fstat(2). */
export function fstatKind(fd: Fd): FdKind {
  const stat = fstatSync(fd.number)
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'directory'
  if (stat.isCharacterDevice()) return 'character-device'
  if (stat.isBlockDevice()) return 'block-device'
  if (stat.isFIFO()) return 'pipe'
  if (stat.isSocket()) return 'socket'
  if (stat.isSymbolicLink()) return 'symbolic-link'
  return 'anonymous'
}

import { declare, lastErrno } from '../libc.ts'

const readBytes = declare<[fd: number, address: number, length: number], number>(
  'intptr_t read(int, uintptr_t, size_t)',
)
const writeBytes = declare<[fd: number, address: number, length: number], number>(
  'intptr_t write(int, uintptr_t, size_t)',
)
const writeVector = declare<[fd: number, vector: number, count: number], number>(
  'intptr_t writev(int, uintptr_t, int)',
)
const pollDescriptors = declare<[descriptors: number, count: number, timeoutMs: number], number>(
  'int poll(uintptr_t, unsigned long, int)',
)

/**
 * read(2) to an address. Like every call of this folder it takes plain numbers, allocates nothing and does not throw.
 *
 * @param fd the number of an open descriptor
 * @param address from `memoryAddress`
 * @returns bytes read, or the negative errno
 */
export function readAt(fd: number, address: number, length: number): number {
  const result = readBytes(fd, address, length)
  return result === -1 ? -lastErrno() : result
}

/** write(2) from an address. @returns bytes written, or the negative errno */
export function writeAt(fd: number, address: number, length: number): number {
  const result = writeBytes(fd, address, length)
  return result === -1 ? -lastErrno() : result
}

/**
 * writev(2).
 *
 * @param vector address of `count` struct iovec: address and length, 8 bytes each (include/uapi/linux/uio.h)
 * @returns bytes written, or the negative errno
 */
export function writeVectorAt(fd: number, vector: number, count: number): number {
  const result = writeVector(fd, vector, count)
  return result === -1 ? -lastErrno() : result
}

/**
 * poll(2): blocks this thread.
 *
 * @param descriptors address of `count` struct pollfd: fd (int32), events, revents (int16 each)
 * @param timeoutMs -1 for no limit
 * @returns how many are ready, or the negative errno (EINTR)
 */
export function pollAt(descriptors: number, count: number, timeoutMs: number): number {
  const result = pollDescriptors(descriptors, count, timeoutMs)
  return result === -1 ? -lastErrno() : result
}

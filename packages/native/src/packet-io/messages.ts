import { declare, lastErrno } from '../libc.ts'

const receiveMany = declare<
  [fd: number, vector: number, count: number, flags: number, timeout: null],
  number
>('int recvmmsg(int, uintptr_t, uint32_t, int, void *)')
const sendMany = declare<[fd: number, vector: number, count: number, flags: number], number>(
  'int sendmmsg(int, uintptr_t, uint32_t, int)',
)

const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000

/**
 * recvmmsg(2), never waiting.
 *
 * @param vector address of `count` struct mmsghdr (64 bytes each on LP64, include/linux/socket.h)
 * @returns how many messages were received, or the negative errno
 */
export function receiveMessagesAt(fd: number, vector: number, count: number): number {
  const result = receiveMany(fd, vector, count, MSG_DONTWAIT, null)
  return result === -1 ? -lastErrno() : result
}

/**
 * sendmmsg(2), never waiting.
 *
 * @param vector address of `count` struct mmsghdr
 * @returns how many messages were sent, or the negative errno of the first one
 */
export function sendMessagesAt(fd: number, vector: number, count: number): number {
  const result = sendMany(fd, vector, count, MSG_DONTWAIT | MSG_NOSIGNAL)
  return result === -1 ? -lastErrno() : result
}

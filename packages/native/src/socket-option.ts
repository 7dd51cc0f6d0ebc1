import type { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'

const getOption = declareRaw<
  [fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array]
>('int getsockopt(int, int, int, void *, void *)')
const setOption = declareChecked<
  [fd: number, level: number, name: number, value: Uint8Array, length: number]
>('int setsockopt(int, int, int, const void *, uint32_t)')

/** Level of the options of every socket (include/uapi/asm-generic/socket.h). */
export const SOL_SOCKET = 1

/** For all calls of this thread: each is over before the next begins. */
const lengthBuffer = Buffer.alloc(4)
const numberBuffer = Buffer.alloc(4)

/**
 * getsockopt(2) into `value`.
 *
 * @param level SOL_SOCKET, or a protocol's number
 * @returns the number of bytes the kernel filled in, or wanted to (ERANGE), and the negative errno or 0
 */
export function readOption(
  fd: Fd,
  name: number,
  value: Uint8Array,
  level: number = SOL_SOCKET,
): { result: number; length: number } {
  lengthBuffer.writeUInt32LE(value.length)
  const result = getOption(fd.number, level, name, value, lengthBuffer)
  return { result, length: lengthBuffer.readUInt32LE(0) }
}

/** A 32-bit option of level SOL_SOCKET, unsigned. @throws SystemError of getsockopt(2) */
export function numberOption(fd: Fd, name: number): number {
  check(readOption(fd, name, numberBuffer).result, 'getsockopt')
  return numberBuffer.readUInt32LE(0)
}

/** Sets an option of level SOL_SOCKET. @throws SystemError of setsockopt(2) */
export function writeOption(fd: Fd, name: number, value: Uint8Array): void {
  setOption(fd.number, SOL_SOCKET, name, value, value.length)
}

import type { Fd } from './fd.ts'
import { numberOption, writeOption } from './socket-option.ts'

// include/uapi/asm-generic/socket.h
const flags = { reuseAddress: 2, broadcast: 6, keepAlive: 9, outOfBandInline: 10 } as const
const sizes = { send: 7, receive: 8 } as const
const SO_LINGER = 13
const SO_RCVTIMEO = 20
const SO_SNDTIMEO = 21

/** A setting of a socket that is on or off. */
export type SocketFlag = keyof typeof flags

/** @throws SystemError ENOTSOCK */
export function setSocketFlag(fd: Fd, flag: SocketFlag, on: boolean): void {
  writeOption(fd, flags[flag], int32(on ? 1 : 0))
}

/** @throws SystemError ENOTSOCK */
export function socketFlag(fd: Fd, flag: SocketFlag): boolean {
  return numberOption(fd, flags[flag]) !== 0
}

/**
 * Asks for a buffer of this size. The kernel takes twice as much for its own book-keeping, at most net.core.wmem_max or
 * rmem_max.
 *
 * @param bytes 0 to 2^31-1
 */
export function setSocketBuffer(fd: Fd, direction: keyof typeof sizes, bytes: number): void {
  writeOption(fd, sizes[direction], int32(bytes))
}

/** What the kernel gave, in bytes; see {@link setSocketBuffer}. */
export function socketBuffer(fd: Fd, direction: keyof typeof sizes): number {
  return numberOption(fd, sizes[direction])
}

/** How long close(2) waits for unsent data, in seconds, 0 meaning a reset; undefined: it does not wait (the default). */
export function setLinger(fd: Fd, seconds: number | undefined): void {
  writeOption(fd, SO_LINGER, Buffer.concat([int32(seconds === undefined ? 0 : 1), int32(seconds ?? 0)]))
}

/** How long a blocking receive and send waits, in ms; 0: for ever (the default). A `struct timeval` of 64-bit Linux. */
export function setSocketTimeout(fd: Fd, milliseconds: number): void {
  const time = Buffer.alloc(16)
  time.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)))
  time.writeBigInt64LE(BigInt(Math.floor(milliseconds % 1000) * 1000), 8)
  writeOption(fd, SO_RCVTIMEO, time)
  writeOption(fd, SO_SNDTIMEO, time)
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

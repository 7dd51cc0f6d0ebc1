import type { Fd } from '../src/fd.ts'
import { check, declareRaw } from '../src/libc.ts'

const connect = declareRaw<[fd: number, address: Uint8Array, length: number]>(
  'int connect(int, const void *, uint32_t)',
)

/** Connects an IPv4 socket to a port of 127.0.0.1, waiting if it is a blocking one. */
export function connectInet(fd: Fd, port: number): void {
  const address = Buffer.alloc(16)
  address.writeUInt16LE(2, 0)
  address.writeUInt16BE(port, 2)
  address.set([127, 0, 0, 1], 4)
  check(connect(fd.number, address, address.length), 'connect')
}

import type { Fd } from './fd.ts'
import { check } from './libc.ts'
import { readOption } from './socket-option.ts'

/** include/uapi/linux/in.h, include/uapi/linux/tcp.h */
const IPPROTO_TCP = 6
const TCP_INFO = 11
/** struct tcp_info up to tcpi_bytes_sent, and its members' offsets. */
const INFO_SIZE = 208
const BYTES_RECEIVED = 128
const BYTES_SENT = 200

/**
 * What a TCP socket has carried since it exists, in bytes of payload; what was sent again counts again.
 *
 * @throws SystemError EOPNOTSUPP or ENOPROTOOPT for a socket of another kind, ENOTSOCK
 */
export function tcpTraffic(fd: Fd): { readonly received: number; readonly sent: number } {
  const info = Buffer.alloc(INFO_SIZE)
  check(readOption(fd, TCP_INFO, info, IPPROTO_TCP).result, 'getsockopt', 'TCP_INFO')
  return {
    received: Number(info.readBigUInt64LE(BYTES_RECEIVED)),
    sent: Number(info.readBigUInt64LE(BYTES_SENT)),
  }
}

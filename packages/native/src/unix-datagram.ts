import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { unixAddress } from './unix-socket.ts'

const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
const sendTo = declareRaw<
  [fd: number, bytes: Uint8Array, length: number, flags: number, address: Uint8Array, addressLength: number]
>('long sendto(int, const void *, size_t, int, const void *, uint32_t)')

const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000

/**
 * Sends one datagram to a unix socket, as sd_notify(3) does. Never waits.
 *
 * @param path of the socket; `@name` is one of the abstract namespace, unix(7)
 * @throws RangeError for a path that is empty, too long or holds NUL
 * @throws SystemError ENOENT, EACCES, ECONNREFUSED (nobody reads), EAGAIN (the reader is behind), EMSGSIZE
 */
export function sendUnixDatagram(path: string, bytes: Uint8Array): void {
  const address = path.startsWith('@') ? abstractAddress(path) : unixAddress(path)
  using fd = Fd.adopt(createSocket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL
  check(sendTo(fd.number, bytes, bytes.length, flags, address, address.length), 'sendto', path)
}

/** The length of such an address counts: no NUL ends it. */
function abstractAddress(path: string): Buffer {
  const address = unixAddress(path).subarray(0, -1)
  address[2] = 0
  return address
}

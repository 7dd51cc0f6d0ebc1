import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { unixAddress } from './unix-socket.ts'

const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
type Call = [fd: number, address: Uint8Array, length: number]
const bindSocket = declareRaw<Call>('int bind(int, const void *, uint32_t)')
const connectSocket = declareRaw<Call>('int connect(int, const void *, uint32_t)')

const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_CLOEXEC = 0o2000000
const SOCK_NONBLOCK = 0o4000

/** A unix stream socket that has no name and no other end yet; non-blocking and close-on-exec. */
export function unixSocket(): Fd {
  return Fd.adopt(createSocket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
}

/**
 * Gives a unix socket a name: a file that stays when the socket is closed.
 *
 * @param path at most 107 bytes; must not exist
 * @throws RangeError for a path that is empty, too long or holds NUL
 * @throws SystemError EADDRINUSE, EACCES, ENOENT
 */
export function bindUnix(fd: Fd, path: string): void {
  const address = unixAddress(path)
  check(bindSocket(fd.number, address, address.length), 'bind', path)
}

/**
 * Connects a socket of {@link unixSocket}. Never waits.
 *
 * @throws RangeError, SystemError as {@link connectUnix} does
 */
export function connectUnixSocket(fd: Fd, path: string): void {
  const address = unixAddress(path)
  check(connectSocket(fd.number, address, address.length), 'connect', path)
}

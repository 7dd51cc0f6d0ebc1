import { chmodSync, unlinkSync } from 'node:fs'

import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const createPair = declareChecked<[domain: number, type: number, protocol: number, pair: Uint8Array]>(
  'int socketpair(int, int, int, void *)',
)
const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
const bindSocket = declareRaw<[fd: number, address: Uint8Array, length: number]>(
  'int bind(int, const void *, uint32_t)',
)
const connectSocket = declareRaw<[fd: number, address: Uint8Array, length: number]>(
  'int connect(int, const void *, uint32_t)',
)
const listen = declareChecked<[fd: number, backlog: number]>('int listen(int, int)')
const accept = declareRaw<[fd: number, address: null, length: null, flags: number]>(
  'int accept4(int, void *, void *, int)',
)

const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_SEQPACKET = 5
const SOCK_CLOEXEC = 0o2000000
const SOCK_NONBLOCK = 0o4000
/** sizeof(sun_path), of which the last byte must be NUL. */
const PATH_SIZE = 108
const EAGAIN = errnoNumber('EAGAIN')
const ECONNABORTED = errnoNumber('ECONNABORTED')

/** Two connected unix sockets, close-on-exec, blocking unless changed. `seqpacket` keeps message boundaries. */
export function socketPair(type: 'stream' | 'seqpacket'): [Fd, Fd] {
  const pair = Buffer.alloc(8)
  createPair(AF_UNIX, (type === 'stream' ? SOCK_STREAM : SOCK_SEQPACKET) | SOCK_CLOEXEC, 0, pair)
  return [Fd.adopt(pair.readInt32LE(0)), Fd.adopt(pair.readInt32LE(4))]
}

export interface ListenUnixOptions {
  /** Permission bits of the socket file, e.g. 0o666. Whoever may write to it may connect. */
  readonly mode: number
  /** Connections that may wait to be accepted. Default 128. */
  readonly backlog?: number
}

/**
 * A listening unix stream socket at `path`, non-blocking and close-on-exec. Nobody can connect before the mode is set.
 * The file is not removed when the socket is closed.
 *
 * @param path at most 107 bytes; must not exist
 * @throws RangeError for a path that is empty, too long or holds NUL
 * @throws SystemError EADDRINUSE when the path exists, EACCES, ENOENT
 */
export function listenUnix(path: string, options: ListenUnixOptions): Fd {
  const address = unixAddress(path)
  const fd = Fd.adopt(createSocket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
  try {
    check(bindSocket(fd.number, address, address.length), 'bind', path)
  } catch (error) {
    fd.close()
    throw error
  }
  try {
    chmodSync(path, options.mode)
    listen(fd.number, options.backlog ?? 128)
    return fd
  } catch (error) {
    fd.close()
    unlinkSync(path)
    throw error
  }
}

/**
 * The next waiting connection, non-blocking and close-on-exec, or undefined when none waits.
 *
 * @throws SystemError EMFILE or ENFILE at the descriptor limit: the connection goes on waiting
 */
export function acceptUnix(fd: Fd): Fd | undefined {
  const result = accept(fd.number, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK)
  if (result === -EAGAIN || result === -ECONNABORTED) return undefined
  return Fd.adopt(check(result, 'accept4'))
}

/**
 * Connects to the unix stream socket at `path`. The result is non-blocking and close-on-exec. Never waits.
 *
 * @throws RangeError for a path that is empty, too long or holds NUL
 * @throws SystemError ENOENT, EACCES, ECONNREFUSED (nobody listens), EAGAIN (the backlog is full)
 */
export function connectUnix(path: string): Fd {
  const address = unixAddress(path)
  const fd = Fd.adopt(createSocket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
  try {
    check(connectSocket(fd.number, address, address.length), 'connect', path)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

/** struct sockaddr_un. */
export function unixAddress(path: string): Buffer {
  const bytes = Buffer.from(path, 'utf8')
  if (bytes.length === 0 || bytes.length >= PATH_SIZE || bytes.includes(0)) {
    throw new RangeError(`path: a unix socket path has 1 to ${PATH_SIZE - 1} bytes and no NUL`)
  }
  const address = Buffer.alloc(2 + bytes.length + 1)
  address.writeUInt16LE(AF_UNIX)
  bytes.copy(address, 2)
  return address
}

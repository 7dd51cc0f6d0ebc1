import { Fd } from './fd.ts'
import { check, declareChecked } from './libc.ts'
import { numberOption, readOption, writeOption } from './socket-option.ts'
import { errnoNumber } from './system-error.ts'

const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')

const AF_UNIX = 1
const AF_INET = 2
const AF_INET6 = 10
const SOCK_CLOEXEC = 0o2000000
const SOCK_NONBLOCK = 0o4000
const SO_TYPE = 3
const SO_LINGER = 13
const SO_MARK = 36
const SO_PROTOCOL = 38
const SO_DOMAIN = 39
const SO_NETNS_COOKIE = 71
/** For all calls of this thread: each is over before the next begins. */
const domainBuffer = Buffer.alloc(4)
const markBuffer = Buffer.alloc(4)
const cookieBuffer = Buffer.alloc(8)
const ENOTSOCK = errnoNumber('ENOTSOCK')
const EBADF = errnoNumber('EBADF')

const domains: ReadonlyMap<number, SocketDomain> = new Map([
  [AF_UNIX, 'unix'],
  [AF_INET, 'inet'],
  [AF_INET6, 'inet6'],
  [16, 'netlink'],
  [17, 'packet'],
])
const types: ReadonlyMap<number, SocketType> = new Map([
  [1, 'stream'],
  [2, 'dgram'],
  [3, 'raw'],
  [5, 'seqpacket'],
])

export type SocketDomain = 'unix' | 'inet' | 'inet6' | 'netlink' | 'packet' | 'other'
export type SocketType = 'stream' | 'dgram' | 'raw' | 'seqpacket' | 'other'

/** What kind of socket a descriptor is. `protocol` as in socket(2), e.g. 6 for TCP. */
export interface SocketDescription {
  readonly domain: SocketDomain
  readonly type: SocketType
  readonly protocol: number
}

/**
 * A new TCP or UDP socket, close-on-exec, in the calling thread's network namespace.
 *
 * @throws SystemError EMFILE, EAFNOSUPPORT (IPv6 switched off)
 */
export function inetSocket(
  family: 4 | 6,
  kind: 'stream' | 'dgram',
  options: { readonly nonBlocking?: boolean } = {},
): Fd {
  const flags = SOCK_CLOEXEC | (options.nonBlocking === true ? SOCK_NONBLOCK : 0)
  return Fd.adopt(createSocket(family === 4 ? AF_INET : AF_INET6, (kind === 'stream' ? 1 : 2) | flags, 0))
}

/** Describes a socket, or returns undefined for what is none (O_PATH descriptors included). Safe for hostile fds. */
export function describeSocket(fd: Fd): SocketDescription | undefined {
  const domain = socketDomain(fd)
  if (domain === undefined) return undefined
  return { domain, type: socketType(fd), protocol: numberOption(fd, SO_PROTOCOL) }
}

/** The domain of a socket alone; undefined for what is none. Safe for hostile fds. */
export function socketDomain(fd: Fd): SocketDomain | undefined {
  const { result } = readOption(fd, SO_DOMAIN, domainBuffer)
  if (result === -ENOTSOCK || result === -EBADF) return undefined
  check(result, 'getsockopt')
  return domains.get(domainBuffer.readInt32LE(0)) ?? 'other'
}

/** The type of a socket alone. @throws SystemError ENOTSOCK */
export function socketType(fd: Fd): SocketType {
  return types.get(numberOption(fd, SO_TYPE)) ?? 'other'
}

/** The firewall mark of a socket, 0 to 2^32-1. */
export function getMark(fd: Fd): number {
  return numberOption(fd, SO_MARK)
}

/**
 * Sets the bits of `mask` in the socket's mark to those of `mark`, and leaves the other bits alone.
 *
 * @param mark 0 to 2^32-1, inside `mask`
 * @param mask 1 to 2^32-1
 * @throws RangeError for values outside
 * @throws SystemError EPERM without CAP_NET_ADMIN or CAP_NET_RAW in the socket's network namespace
 */
export function setMark(fd: Fd, mark: number, mask: number): void {
  if (!Number.isInteger(mask) || mask < 1 || mask > 0xffffffff) throw new RangeError(`mask: ${mask}`)
  if (!Number.isInteger(mark) || mark < 0 || mark > 0xffffffff || (mark & ~mask) !== 0) {
    throw new RangeError(`mark: ${mark} is not inside the mask ${mask}`)
  }
  markBuffer.writeInt32LE((getMark(fd) & ~mask) | mark)
  writeOption(fd, SO_MARK, markBuffer)
}

/** Clears SO_LINGER, so that close(2) of this socket does not wait for the peer. */
export function clearLinger(fd: Fd): void {
  writeOption(fd, SO_LINGER, Buffer.alloc(8))
}

/**
 * Whether a socket belongs to a network namespace. Compares SO_NETNS_COOKIE (Linux 5.14), which needs no privilege, unlike
 * SIOCGSKNS, and opens nothing.
 *
 * @param cookie of the namespace, from {@link networkNamespaceCookie}; that of the calling thread when absent
 * @throws SystemError ENOTSOCK, or ENOPROTOOPT on an older kernel
 */
export function sameNetworkNamespace(fd: Fd, cookie: bigint = networkNamespaceCookie()): boolean {
  return cookieOf(fd) === cookie
}

/**
 * A number for the calling thread's network namespace that no other one ever has while the kernel runs, 64 bits.
 *
 * @throws SystemError ENOPROTOOPT before Linux 5.14
 */
export function networkNamespaceCookie(): bigint {
  using own = Fd.adopt(createSocket(AF_UNIX, 2 | SOCK_CLOEXEC, 0))
  return cookieOf(own)
}

function cookieOf(fd: Fd): bigint {
  check(readOption(fd, SO_NETNS_COOKIE, cookieBuffer).result, 'getsockopt')
  return cookieBuffer.readBigUInt64LE(0)
}

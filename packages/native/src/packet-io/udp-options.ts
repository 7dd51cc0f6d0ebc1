import type { Fd } from '../fd.ts'
import { addressFamily, ipFamilyOf, writeIp } from '../kernel-network/ip-text.ts'
import { check, declareChecked, declareRaw } from '../libc.ts'
import { localName } from '../socket-name.ts'
import { isSystemError } from '../system-error.ts'

const setOption = declareRaw<[fd: number, level: number, name: number, value: Uint8Array, length: number]>(
  'int setsockopt(int, int, int, const void *, uint32_t)',
)
const getOption = declareRaw<
  [fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array]
>('int getsockopt(int, int, int, void *, void *)')
const connectSocket = declareChecked<[fd: number, address: Uint8Array, length: number]>(
  'int connect(int, const void *, uint32_t)',
)

// include/uapi/asm-generic/socket.h
const SOL_SOCKET = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
// include/uapi/linux/in.h
const SOL_IP = 0
const IP_PKTINFO = 8
const IP_RECVTOS = 13
const IP_MTU_DISCOVER = 10
const IP_PMTUDISC_DONT = 0
// include/uapi/linux/in6.h
const SOL_IPV6 = 41
const IPV6_V6ONLY = 26
const IPV6_RECVPKTINFO = 49
const IPV6_RECVTCLASS = 66
// include/uapi/linux/udp.h
const SOL_UDP = 17
const UDP_SEGMENT = 103
const UDP_GRO = 104
/** Of sin6_scope_id in struct sockaddr_in6. */
const scopeAt = 24
/** A route does not depend on it; 9 is for what is discarded. */
const anyPort = 9

/** Whether the kernel cuts one long message into datagrams (UDP_SEGMENT, Linux 4.18). Changes nothing. */
export function hasUdpSegmentation(fd: Fd): boolean {
  return trySet(fd, SOL_UDP, UDP_SEGMENT, 0)
}

/**
 * Asks for received datagrams of one flow to be joined (UDP_GRO, Linux 5.0). Each message then comes with a control
 * message of level SOL_UDP (17), type UDP_GRO (104), that holds the size of a datagram as an int.
 *
 * @returns whether the kernel does it
 */
export function setUdpReceiveOffload(fd: Fd, on: boolean): boolean {
  return trySet(fd, SOL_UDP, UDP_GRO, on ? 1 : 0)
}

/** Whether an INET6 socket, not bound yet, talks to IPv4 too (as `::ffff:a.b.c.d`). @throws SystemError */
export function setDualStack(fd: Fd, on: boolean): void {
  check(setOption(fd.number, SOL_IPV6, IPV6_V6ONLY, int(on ? 0 : 1), 4), 'setsockopt')
}

/** Has routers fragment what a socket sends over IPv4 and is too long for their next link (no "don't fragment"). @throws SystemError */
export function letRoutersFragment(fd: Fd): void {
  check(setOption(fd.number, SOL_IP, IP_MTU_DISCOVER, int(IP_PMTUDISC_DONT), 4), 'setsockopt')
}

/**
 * Has each received datagram come with a control message that tells which of our addresses it was sent to: of level SOL_IP (0), type
 * IP_PKTINFO (8), or of level SOL_IPV6 (41), type IPV6_PKTINFO (50), behind that of {@link setUdpReceiveOffload}.
 *
 * @throws SystemError
 */
export function setPacketInfo(fd: Fd, family: 4 | 6): void {
  const [level, name] = family === 4 ? [SOL_IP, IP_PKTINFO] : [SOL_IPV6, IPV6_RECVPKTINFO]
  check(setOption(fd.number, level, name, int(1), 4), 'setsockopt')
}

/**
 * Has each received datagram come with a control message that tells its type of service or traffic class, behind all others: of level
 * SOL_IP (0), type IP_TOS (1), one byte, or of level SOL_IPV6 (41), type IPV6_TCLASS (67), an int.
 *
 * @throws SystemError
 */
export function setTrafficClassInfo(fd: Fd, family: 4 | 6): void {
  const [level, name] = family === 4 ? [SOL_IP, IP_RECVTOS] : [SOL_IPV6, IPV6_RECVTCLASS]
  check(setOption(fd.number, level, name, int(1), 4), 'setsockopt')
}

/** Sizes of a socket's kernel buffers in bytes of payload and bookkeeping. */
export interface SocketBuffers {
  readonly receive: number
  readonly send: number
}

/**
 * Sets the socket's kernel buffers; beyond net.core.rmem_max and wmem_max where CAP_NET_ADMIN allows it
 * (SO_RCVBUFFORCE), up to them otherwise.
 *
 * @param sizes 1 to 2^30 bytes each
 * @returns what the kernel made of it (twice what it grants, net/core/sock.c)
 * @throws RangeError, SystemError ENOTSOCK
 */
export function setSocketBuffers(fd: Fd, sizes: SocketBuffers): SocketBuffers {
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 30) throw new RangeError(`${name}: ${value}`)
  }
  if (!trySet(fd, SOL_SOCKET, SO_RCVBUFFORCE, sizes.receive)) trySet(fd, SOL_SOCKET, SO_RCVBUF, sizes.receive)
  if (!trySet(fd, SOL_SOCKET, SO_SNDBUFFORCE, sizes.send)) trySet(fd, SOL_SOCKET, SO_SNDBUF, sizes.send)
  return { receive: readInt(fd, SO_RCVBUF), send: readInt(fd, SO_SNDBUF) }
}

/**
 * Fixes the peer of a datagram socket, or connects a non-blocking stream socket (connect(2)).
 *
 * @param address IPv4 or IPv6 text of the socket's family, without a zone
 * @param port 1 to 65535
 * @param scope interface index of a link-local IPv6 address, otherwise 0
 * @throws RangeError naming `address` or `port`
 * @throws SystemError ENETUNREACH, EINPROGRESS
 */
export function connectInet(fd: Fd, address: string, port: number, scope = 0): void {
  const family = ipFamilyOf(address)
  const name = new Uint8Array(family === 4 ? 16 : 28)
  const buffer = Buffer.from(name.buffer)
  if (!writeIp(buffer, family === 4 ? 4 : 8, address, family)) {
    throw new RangeError(`address: ${address} is not an IP address`)
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RangeError(`port: ${port}`)
  buffer.writeUInt16LE(addressFamily(family), 0)
  buffer.writeUInt16BE(port, 2)
  if (family === 6) buffer.writeUInt32LE(scope, scopeAt)
  connectSocket(fd.number, name, name.length)
}

/**
 * From which of its addresses the machine would send what a UDP socket sends to an address: by connect(2), which looks for a route
 * and sends nothing. The socket, which must be bound to no address of its own, is left without a peer.
 *
 * @param address IPv4 or IPv6 text of the socket's family, without a zone
 * @param scope interface index of a link-local IPv6 address, otherwise 0
 * @returns undefined when there is no way
 * @throws RangeError naming `address`
 */
export function sourceAddressTo(fd: Fd, address: string, scope = 0): string | undefined {
  try {
    connectInet(fd, address, anyPort, scope)
  } catch (error) {
    if (isSystemError(error)) return undefined
    throw error
  }
  const name = localName(fd)
  // struct sockaddr of the family AF_UNSPEC, which is 0: the peer is forgotten.
  connectSocket(fd.number, new Uint8Array(16), 16)
  return name.family === 4 || name.family === 6 ? name.address : undefined
}

function trySet(fd: Fd, level: number, name: number, value: number): boolean {
  try {
    check(setOption(fd.number, level, name, int(value), 4), 'setsockopt')
    return true
  } catch (error) {
    if (isSystemError(error, 'ENOPROTOOPT', 'EPERM', 'EINVAL', 'EOPNOTSUPP')) return false
    throw error
  }
}

function readInt(fd: Fd, name: number): number {
  const value = int(0)
  check(getOption(fd.number, SOL_SOCKET, name, value, int(4)), 'getsockopt')
  return value.readInt32LE(0)
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

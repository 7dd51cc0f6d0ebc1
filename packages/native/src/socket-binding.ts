import type { Fd } from './fd.ts'
import { addressFamily, ipFamilyOf, writeIp } from './kernel-network/ip-text.ts'
import { declareChecked } from './libc.ts'
import { writeOption } from './socket-option.ts'

const bindSocket = declareChecked<[fd: number, address: Uint8Array, length: number]>(
  'int bind(int, const void *, uint32_t)',
)

const SO_BINDTODEVICE = 25
/** IFNAMSIZ without the NUL. */
const MAX_NAME = 15

/**
 * Gives an INET or INET6 socket its own address (bind(2)).
 *
 * @param address IPv4 or IPv6 text of the socket's family, without a zone
 * @param port 0 to 65535; 0 lets the kernel choose
 * @throws RangeError naming `address` or `port`
 * @throws SystemError EADDRNOTAVAIL, EADDRINUSE, EACCES for a port below 1024
 */
export function bindInet(fd: Fd, address: string, port: number): void {
  const family = ipFamilyOf(address)
  // struct sockaddr_in and sockaddr_in6: family, port, then the address at 4 or at 8.
  const name = Buffer.alloc(family === 4 ? 16 : 28)
  if (!writeIp(name, family === 4 ? 4 : 8, address, family)) {
    throw new RangeError(`address: ${address} is not an IP address`)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new RangeError(`port: ${port}`)
  name.writeUInt16LE(addressFamily(family), 0)
  name.writeUInt16BE(port, 2)
  bindSocket(fd.number, name, name.length)
}

/**
 * Ties a socket to one interface (SO_BINDTODEVICE): it sends and receives there only, whatever the routes say. Since
 * Linux 5.7 any user may do so once for a socket.
 *
 * @param interfaceName of the socket's network namespace, 1 to 15 bytes
 * @throws SystemError ENODEV; EPERM when the socket is tied already and CAP_NET_RAW is missing
 */
export function bindToDevice(fd: Fd, interfaceName: string): void {
  const name = Buffer.from(`${interfaceName}\0`)
  if (name.length < 2 || name.length > MAX_NAME + 1) throw new RangeError(`interfaceName: ${interfaceName}`)
  writeOption(fd, SO_BINDTODEVICE, name)
}

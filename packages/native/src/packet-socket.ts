import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const createSocket =
  declareChecked<[domain: number, type: number, protocol: number]>('int socket(int, int, int)')
const bindSocket = declareChecked<[fd: number, address: Uint8Array, length: number]>(
  'int bind(int, const void *, uint32_t)',
)
const setOption = declareChecked<
  [fd: number, level: number, name: number, value: Uint8Array, length: number]
>('int setsockopt(int, int, int, const void *, uint32_t)')
const getOption = declareChecked<
  [fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array]
>('int getsockopt(int, int, int, void *, void *)')
const receive = declareRaw<
  [fd: number, buffer: Uint8Array, size: number, flags: number, address: Uint8Array, length: Uint8Array]
>('intptr_t recvfrom(int, void *, size_t, int, void *, void *)')

const AF_PACKET = 17
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0o2000000 | 0o4000
const SOL_SOCKET = 1
const SO_RCVBUFFORCE = 33
const SOL_PACKET = 263
const PACKET_STATISTICS = 6
const MSG_DONTWAIT = 0x40
const MSG_TRUNC = 0x20
const ETH_P_ALL = 0x0003
/** include/uapi/linux/if_packet.h */
const PACKET_OUTGOING = 4
/** sizeof(struct sockaddr_ll). */
const ADDRESS_SIZE = 20
const EAGAIN = errnoNumber('EAGAIN')
const ENETDOWN = errnoNumber('ENETDOWN')

/** A packet that a link carried, from its network header on. */
export interface LinkPacket {
  /** Bytes of the packet; more than the buffer has when it was cut. */
  readonly length: number
  /** EtherType, e.g. 0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP. */
  readonly etherType: number
  /** Whether the link sent it; else it came in. */
  readonly outgoing: boolean
}

/**
 * Watches a link: every packet it sends or receives from now on, without link headers (packet(7), SOCK_DGRAM).
 *
 * @param interfaceIndex a link of the calling thread's network namespace; 0 = all of them
 * @param bufferBytes room for packets that wait to be read, 1 to 2^30. A small packet takes about 800 bytes of it.
 * @returns a non-blocking, close-on-exec socket
 * @throws SystemError EPERM without CAP_NET_RAW and CAP_NET_ADMIN, ENODEV for an index that no link has
 */
export function packetSocket(interfaceIndex: number, bufferBytes: number): Fd {
  if (!Number.isInteger(bufferBytes) || bufferBytes < 1 || bufferBytes > 2 ** 30) {
    throw new RangeError(`bufferBytes: ${bufferBytes} is not 1 to 2^30`)
  }
  // Protocol 0 receives nothing until bind(2) names the link: no packets of other links in between.
  const fd = Fd.adopt(createSocket(AF_PACKET, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0))
  try {
    const size = Buffer.alloc(4)
    size.writeInt32LE(Math.ceil(bufferBytes / 2)) // The kernel doubles it.
    setOption(fd.number, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length)
    const address = Buffer.alloc(ADDRESS_SIZE)
    address.writeUInt16LE(AF_PACKET, 0)
    address.writeUInt16BE(ETH_P_ALL, 2)
    address.writeInt32LE(interfaceIndex, 4)
    bindSocket(fd.number, address, address.length)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

/**
 * Takes the next packet from a {@link packetSocket}.
 *
 * @param buffer receives the packet from its network header on, or as much as fits
 * @returns `'again'` when none waits; `'down'`, once, when the link went down or away
 */
export function receivePacket(fd: Fd, buffer: Uint8Array): LinkPacket | 'again' | 'down' {
  const address = Buffer.alloc(ADDRESS_SIZE)
  const addressLength = Buffer.alloc(4)
  addressLength.writeUInt32LE(ADDRESS_SIZE)
  const flags = MSG_DONTWAIT | MSG_TRUNC
  const result = receive(fd.number, buffer, buffer.length, flags, address, addressLength)
  if (result === -EAGAIN) return 'again'
  if (result === -ENETDOWN) return 'down'
  return {
    length: check(result, 'recvfrom'),
    etherType: address.readUInt16BE(2),
    outgoing: address[10] === PACKET_OUTGOING,
  }
}

/** What a {@link packetSocket} has seen since this was last asked: the kernel sets its counters back. */
export function packetStatistics(fd: Fd): { readonly seen: number; readonly lost: number } {
  const counters = Buffer.alloc(8)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(counters.length)
  getOption(fd.number, SOL_PACKET, PACKET_STATISTICS, counters, length)
  return { seen: counters.readUInt32LE(0), lost: counters.readUInt32LE(4) }
}

import {
  bindInet,
  describeSocket,
  type Fd,
  hasUdpSegmentation,
  inetSocket,
  letRoutersFragment,
  setDualStack,
  setPacketInfo,
  setSocketBuffers,
  setTrafficClassInfo,
  setUdpReceiveOffload,
} from '@vpnext/native'

/** Enough for 60 ms at 1 Gbit/s; asked for with SO_RCVBUFFORCE, so without privilege it may become less. */
const bufferBytes = 8 * 1024 * 1024

export interface OpenUdpOptions {
  /** Default 4. */
  readonly family?: 4 | 6
  /** With family 6: IPv4 too. Default false. */
  readonly dualStack?: boolean
  /** Own address, default any. */
  readonly address?: string
  /** Own port, 0 to 65535. Default 0: the kernel chooses. */
  readonly port?: number
  /**
   * Whether routers may fragment what is too long for their next link, over IPv4, as with tunnels of the kernel. Default false: they
   * drop it and tell the system, if that is not lost, which then fragments by itself.
   */
  readonly fragmentable?: boolean
  /**
   * Whether datagrams tell which of our addresses they came to. What is sent to their `source()` then leaves from there, which
   * whoever asked expects of a server that has several. Default false: from the address that the route names.
   */
  readonly packetInfo?: boolean
  /**
   * Whether datagrams tell that a router on their way has marked them, for there is too much traffic, in place of dropping them
   * (`congestionExperienced`, RFC 3168). Default false.
   */
  readonly congestionInfo?: boolean
  /** Size of the kernel's buffer of received datagrams. Default 8 MiB, or what the system allows. */
  readonly receiveBufferBytes?: number
  /** Size of the kernel's buffer of datagrams to send. Likewise. */
  readonly sendBufferBytes?: number
}

/**
 * A UDP socket for packets in large numbers, bound, non-blocking. It has sent nothing yet, so this is the moment for
 * `connection.protect(fd.number)`.
 *
 * @throws RangeError naming the option
 * @throws SystemError EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT when the machine has no IPv6
 */
export function openUdp(options: OpenUdpOptions = {}): Fd {
  const family = options.family ?? 4
  const fd = inetSocket(family, 'dgram', { nonBlocking: true })
  try {
    if (family === 6) setDualStack(fd, options.dualStack ?? false)
    if (options.fragmentable === true) letRoutersFragment(fd)
    if (options.packetInfo === true) setPacketInfo(fd, family)
    if (options.congestionInfo === true) setTrafficClassInfo(fd, family)
    setSocketBuffers(fd, {
      receive: options.receiveBufferBytes ?? bufferBytes,
      send: options.sendBufferBytes ?? bufferBytes,
    })
    bindInet(fd, options.address ?? (family === 4 ? '0.0.0.0' : '::'), options.port ?? 0)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

/** What a socket can do, found by trying. */
export interface UdpAbilities {
  readonly family: 4 | 6
  /** The kernel cuts long messages into datagrams (UDP_SEGMENT). */
  readonly segmentation: boolean
  /** The kernel joins received datagrams (UDP_GRO). */
  readonly receiveOffload: boolean
}

/** Which offloads to use where the kernel has them. Default all. */
export interface WantedUdpOffload {
  readonly segmentation?: boolean | undefined
  readonly receiveOffload?: boolean | undefined
}

/** Switches the socket's offloads on as far as wanted and possible. @throws TypeError when it is no UDP socket */
export function negotiateUdp(fd: Fd, wanted: WantedUdpOffload = {}): UdpAbilities {
  const socket = describeSocket(fd)
  if (socket?.type !== 'dgram' || (socket.domain !== 'inet' && socket.domain !== 'inet6')) {
    throw new TypeError('fd: no UDP socket')
  }
  return {
    family: socket.domain === 'inet' ? 4 : 6,
    segmentation: wanted.segmentation !== false && hasUdpSegmentation(fd),
    receiveOffload:
      setUdpReceiveOffload(fd, wanted.receiveOffload !== false) && wanted.receiveOffload !== false,
  }
}

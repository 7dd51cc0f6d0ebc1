import { type Fd, isSystemError, localName } from '@vpnext/native'

import { openUdp, type OpenUdpOptions } from './open-udp.ts'

/** UDP sockets on one port. */
export interface UdpPair {
  readonly v4: Fd
  /** Absent on a machine without IPv6. */
  readonly v6: Fd | undefined
  readonly port: number
}

/** How often another port is tried, when IPv6's one of the same number is taken. */
const attempts = 100

/**
 * A UDP socket for each family, both on the same port of all addresses.
 *
 * @param options.port 0 to 65535. Default 0: the kernel chooses
 * @throws RangeError naming the option; SystemError EADDRINUSE, EACCES
 */
export function openUdpPair(options: Omit<OpenUdpOptions, 'address' | 'dualStack' | 'family'> = {}): UdpPair {
  for (let attempt = 1; ; attempt++) {
    const v4 = openUdp({ ...options, family: 4 })
    try {
      const name = localName(v4)
      const port = name.family === 4 ? name.port : 0
      return { v4, v6: openV6({ ...options, port }), port }
    } catch (error) {
      v4.close()
      const another = (options.port ?? 0) === 0 && attempt < attempts && isSystemError(error, 'EADDRINUSE')
      if (!another) throw error
    }
  }
}

function openV6(options: OpenUdpOptions): Fd | undefined {
  try {
    return openUdp({ ...options, family: 6 })
  } catch (error) {
    // No IPv6 in the kernel, or switched off by net.ipv6.conf.all.disable_ipv6.
    if (isSystemError(error, 'EAFNOSUPPORT', 'EADDRNOTAVAIL')) return undefined
    throw error
  }
}

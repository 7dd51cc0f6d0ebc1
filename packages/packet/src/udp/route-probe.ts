import { sourceAddressTo } from '@vpnext/native'

import { openUdpPair, type UdpPair } from './open-udp-pair.ts'

/** They receive nothing that is wanted; the kernel makes more of it. */
const bufferBytes = 1

/**
 * Tells which addresses can be reached at all, so that nobody waits for an answer from the others (on a network with IPv6
 * only, say, where a name has addresses of both families), and from which address of ours. Looks for a route and sends nothing.
 */
export class RouteProbe implements Disposable {
  readonly #sockets: UdpPair

  /** @throws SystemError EMFILE */
  constructor() {
    this.#sockets = openUdpPair({ receiveBufferBytes: bufferBytes, sendBufferBytes: bufferBytes })
  }

  /** Of its sockets. What it is to tell of the network below a VPN is asked after `connection.protect()` of each. */
  get descriptors(): number[] {
    const { v4, v6 } = this.#sockets
    return [v4.number, ...(v6 === undefined ? [] : [v6.number])]
  }

  /**
   * @param address IPv4 or IPv6 text, without a zone
   * @throws RangeError for what is no address
   */
  hasRoute(address: string): boolean {
    return this.sourceTo(address) !== undefined
  }

  /**
   * The address of this machine from which what goes to `address` is sent, when nobody chooses one; undefined when there is no way.
   *
   * @param address IPv4 or IPv6 text, without a zone
   * @param scope interface index of a link-local IPv6 address, otherwise 0
   * @throws RangeError for what is no address
   */
  sourceTo(address: string, scope = 0): string | undefined {
    const fd = address.includes(':') ? this.#sockets.v6 : this.#sockets.v4
    return fd === undefined ? undefined : sourceAddressTo(fd, address, scope)
  }

  [Symbol.dispose](): void {
    this.#sockets.v4.close()
    this.#sockets.v6?.close()
  }
}

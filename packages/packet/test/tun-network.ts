import {
  createNetworkNamespace,
  type Fd,
  openTun,
  type RtRequest,
  Rtnetlink,
  setSysctl,
  withNetworkNamespace,
} from '@vpnext/native'

/** An address with its prefix length, e.g. `10.1.0.1/24`. */
type AddressWithPrefix = `${string}/${number}`

export interface TunSetup {
  readonly name: string
  readonly vnetHeader: boolean
  readonly mtu: number
  readonly addresses: readonly AddressWithPrefix[]
}

/** A network namespace with TUN devices in it, gone when it is disposed. */
export class TunNetwork implements Disposable {
  readonly namespace: Fd
  readonly #tuns: Fd[] = []

  constructor() {
    this.namespace = createNetworkNamespace()
    this.apply([{ op: 'setLink', index: 1, up: true }])
  }

  /** Runs `action`, synchronous, inside. */
  run<T>(action: () => T): T {
    return withNetworkNamespace(this.namespace, action)
  }

  /** Makes a TUN device with addresses, up. Its descriptor is closed with the network. */
  addTun(setup: TunSetup): Fd {
    const { fd } = this.run(() => openTun({ name: setup.name, vnetHeader: setup.vnetHeader }))
    this.#tuns.push(fd)
    const index = this.linkIndex(setup.name)
    this.apply([
      // Below 1280 the kernel takes IPv6 off the device.
      {
        op: 'setLink',
        index,
        mtu: setup.mtu,
        up: true,
        ...(setup.mtu < 1280 ? {} : { addrGenModeNone: true }),
      },
      ...setup.addresses.map((text): RtRequest => {
        const [address = '', length] = text.split('/')
        return { op: 'addAddress', index, address, prefixLength: Number(length), noDad: true }
      }),
    ])
    return fd
  }

  linkIndex(name: string): number {
    return this.links((link) => link.name === name).index
  }

  /** How many packets the kernel counts as received from a TUN's writer; a long one counts once. */
  packetsFrom(name: string): number {
    return this.links((link) => link.name === name).statistics.rxPackets
  }

  apply(requests: RtRequest[]): void {
    using rtnetlink = this.run(() => Rtnetlink.open())
    rtnetlink.apply(requests)
  }

  /** Lets the namespace pass packets on, for both families. */
  forward(): void {
    this.run(() => {
      setSysctl('net.ipv4.ip_forward', 1)
      setSysctl('net.ipv6.conf.all.forwarding', 1)
      setSysctl('net.ipv4.conf.all.rp_filter', 0)
    })
  }

  [Symbol.dispose](): void {
    for (const tun of this.#tuns) tun.close()
    this.namespace.close()
  }

  private links(
    wanted: (link: ReturnType<Rtnetlink['links']>[number]) => boolean,
  ): ReturnType<Rtnetlink['links']>[number] {
    using rtnetlink = this.run(() => Rtnetlink.open())
    const found = rtnetlink.links().find(wanted)
    if (found === undefined) throw new Error('no such link')
    return found
  }
}

import { execFileSync } from 'node:child_process'
import { Namespace } from '@vpnext/lab'
import { type RtRequest, setSysctl } from '@vpnext/native'

/** Two addresses of one host. */
export interface HostAddresses {
  readonly v4: string
  readonly v6: string
}

/** The addresses of both ends of a network, each host's own. */
export interface EndAddresses {
  readonly a: HostAddresses
  readonly b: HostAddresses
}

/** RT_TABLE_MAIN */
const mainTable = 254
const prefixLengths = { v4: 24, v6: 64 }

/** Inner addresses of the n-th contender; 0 is the underlay. @param slot 0 to 99 */
export function addressesOf(slot: number): EndAddresses {
  const host = (last: number): HostAddresses => ({
    v4: `10.${100 + slot}.0.${last}`,
    v6: `fd10:${slot}::${last}`,
  })
  return { a: host(1), b: host(2) }
}

/** The underlay's features that matter here, by ethtool's names. */
const features = ['tx-udp-segmentation', 'tcp-segmentation-offload', 'generic-receive-offload'] as const

/**
 * What everything is measured on: two network namespaces joined by a pair of virtual Ethernet links. Nothing else is
 * touched, and the kernel removes both when this process ends.
 */
export class Link implements AsyncDisposable {
  readonly a: Namespace
  readonly b: Namespace
  readonly addresses: EndAddresses = addressesOf(0)

  private constructor(a: Namespace, b: Namespace) {
    this.a = a
    this.b = b
  }

  /** @throws SystemError EPERM without CAP_SYS_ADMIN */
  static open(): Link {
    const link = new Link(Namespace.create('bench-a'), Namespace.create('bench-b'))
    for (const end of ['a', 'b'] as const)
      link[end].run(() => setSysctl('net.ipv6.conf.default.accept_dad', 0))
    using netlink = link.a.rtnetlink()
    const peer = { name: 'under-b', netnsFd: link.b.fd.number }
    netlink.apply([{ op: 'addLink', kind: 'veth', name: 'under-a', peer }])
    link.configure('under', link.addresses)
    return link
  }

  /** Gives the devices `<name>-a` and `<name>-b` their addresses and sets them up. @param mtu bytes; default as it is */
  configure(name: string, addresses: EndAddresses, mtu?: number): void {
    for (const end of ['a', 'b'] as const) this.configureEnd(end, `${name}-${end}`, addresses[end], mtu)
  }

  /** The same for one end. */
  configureEnd(end: 'a' | 'b', device: string, addresses: HostAddresses, mtu?: number): void {
    const index = this[end].linkIndex(device)
    const requests: RtRequest[] = [{ op: 'setLink', index, up: true, ...(mtu !== undefined && { mtu }) }]
    for (const version of ['v4', 'v6'] as const) {
      const prefixLength = prefixLengths[version]
      requests.push({
        op: 'addAddress',
        index,
        address: addresses[version],
        prefixLength,
        noDad: version === 'v6',
      })
    }
    using netlink = this[end].rtnetlink()
    netlink.apply(requests)
  }

  /** More IPv4 addresses for a device. */
  addAddresses(end: 'a' | 'b', device: string, addresses: readonly string[]): void {
    const index = this[end].linkIndex(device)
    using netlink = this[end].rtnetlink()
    netlink.apply(addresses.map((address) => ({ op: 'addAddress', index, address, prefixLength: 32 })))
  }

  /** An IPv4 route through a device. */
  addRoute(end: 'a' | 'b', device: string, destination: string): void {
    const index = this[end].linkIndex(device)
    using netlink = this[end].rtnetlink()
    netlink.apply([
      { op: 'addRoute', route: { family: 4, destination, table: mainTable, type: 'unicast', index } },
    ])
  }

  /** Whether the underlay takes long UDP messages and cuts them late or never (`tx-udp-segmentation`), at both ends. */
  setSegmentation(on: boolean): void {
    for (const end of ['a', 'b'] as const)
      this.#ethtool(end, ['-K', `under-${end}`, 'tx-udp-segmentation', on ? 'on' : 'off'])
  }

  /** The underlay's offloads now, as ethtool says them: `on`, `off`, … */
  offloads(): Readonly<Record<string, string>> {
    return readFeatures(this.#ethtool('a', ['-k', 'under-a']))
  }

  #ethtool(end: 'a' | 'b', args: readonly string[]): string {
    return this[end].run(() => execFileSync('ethtool', args, { encoding: 'utf8' }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.a[Symbol.asyncDispose]()
    await this.b[Symbol.asyncDispose]()
  }
}

/** @param text of `ethtool -k` */
export function readFeatures(text: string): Record<string, string> {
  const all = new Map(
    text.split('\n').map((line) => [line.split(':')[0]?.trim(), line.split(':')[1]?.trim()]),
  )
  return Object.fromEntries(features.map((name) => [name, all.get(name) ?? 'unknown']))
}

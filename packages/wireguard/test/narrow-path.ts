import { Namespace } from '@vpnext/lab'
import { type RtRequest, runNft, setSysctl } from '@vpnext/native'
import type { SideName, TwoNetworks } from './two-networks.ts'

/** Of the link behind the router, bytes: less than what a tunnel's longest packets make. */
const narrow = 1300
const numbers: Readonly<Record<SideName, number>> = { left: 1, right: 2 }

/** A second way between two networks: over a router, whose other link takes shorter packets, and which says nothing of that. */
export class NarrowPath implements AsyncDisposable {
  readonly #router: Namespace = Namespace.create('router')

  constructor(networks: TwoNetworks) {
    for (const side of ['left', 'right'] as const) {
      const mtu = side === 'left' ? 1500 : narrow
      const number = numbers[side]
      apply(this.#router, undefined, () => [
        {
          op: 'addLink',
          kind: 'veth',
          name: side,
          peer: { name: 'n', netnsFd: networks[side].fd.number },
        },
      ])
      apply(this.#router, side, (index) => [
        { op: 'setLink', index, up: true, mtu },
        { op: 'addAddress', index, address: `10.68.${number}.254`, prefixLength: 24 },
      ])
      apply(networks[side], 'n', (index) => [
        { op: 'setLink', index, up: true, mtu },
        { op: 'addAddress', index, address: NarrowPath.address(side), prefixLength: 24 },
        {
          op: 'addRoute',
          route: {
            family: 4,
            table: 254,
            type: 'unicast',
            index,
            destination: `10.68.${3 - number}.0/24`,
            gateway: `10.68.${number}.254`,
          },
        },
      ])
    }
    this.#router.run(() => {
      setSysctl('net.ipv4.ip_forward', 1)
      runNft(
        'table ip hole { chain c { type filter hook output priority filter; icmp type destination-unreachable drop; }; }',
      )
    })
  }

  /** A side's address on it. */
  static address(side: SideName): string {
    return `10.68.${numbers[side]}.1`
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#router[Symbol.asyncDispose]()
  }
}

function apply(host: Namespace, link: string | undefined, requests: (index: number) => RtRequest[]): void {
  using rtnetlink = host.rtnetlink()
  rtnetlink.apply(requests(link === undefined ? 0 : host.linkIndex(link)))
}

import { Namespace } from '@vpnext/lab'
import { type RtRequest, setSysctl } from '@vpnext/native'

export type SideName = 'left' | 'right'

/** The last byte of each side's first addresses, outside and inside. */
const hosts: Readonly<Record<SideName, number>> = { left: 1, right: 2 }

/** A side's address on the network between the two. @param nth 0 for the one it has from the start */
export function outside(side: SideName, family: 4 | 6, nth = 0): string {
  const host = hosts[side] + 10 * nth
  return family === 4 ? `10.66.0.${host}` : `fd66::${host}`
}

/** A side's address inside the tunnel. */
export function inside(side: SideName, family: 4 | 6): string {
  return family === 4 ? `10.67.0.${hosts[side]}` : `fd67::${hosts[side]}`
}

/** Two networks joined by a cable, each with room for a tunnel device. */
export class TwoNetworks implements AsyncDisposable {
  readonly left: Namespace = Namespace.create('left')
  readonly right: Namespace = Namespace.create('right')

  constructor() {
    {
      using rtnetlink = this.left.rtnetlink()
      rtnetlink.apply([
        { op: 'addLink', kind: 'veth', name: 'u', peer: { name: 'u', netnsFd: this.right.fd.number } },
      ])
    }
    for (const side of ['left', 'right'] as const) {
      // Or the first address would take all others with it.
      this[side].run(() => setSysctl('net.ipv4.conf.u.promote_secondaries', 1))
      this.#apply(side, 'u', (index) => [{ op: 'setLink', index, up: true }])
      this.addOutside(side, 0)
    }
  }

  /** Gives a side another pair of addresses outside. */
  addOutside(side: SideName, nth: number): void {
    this.#apply(side, 'u', (index) => [
      { op: 'addAddress', index, address: outside(side, 4, nth), prefixLength: 24 },
      { op: 'addAddress', index, address: outside(side, 6, nth), prefixLength: 64, noDad: true },
    ])
  }

  /** Takes a pair of addresses away: what is sent then comes from the others. */
  deleteOutside(side: SideName, nth: number): void {
    this.#apply(side, 'u', (index) => [
      { op: 'deleteAddress', index, address: outside(side, 4, nth), prefixLength: 24 },
      { op: 'deleteAddress', index, address: outside(side, 6, nth), prefixLength: 64 },
    ])
  }

  /** Has a side send over IPv4 from another of its addresses, when nobody chooses one. */
  preferOutside(side: SideName, nth: number): void {
    const far = side === 'left' ? 'right' : 'left'
    const route = { family: 4, table: 254, type: 'unicast', destination: `${outside(far, 4)}/32` } as const
    this.#apply(side, 'u', (index) => [
      { op: 'addRoute', route: { ...route, index, preferredSource: outside(side, 4, nth) } },
    ])
  }

  /** Sets up a tunnel device that is there. */
  setUpTunnel(side: SideName, name: string, mtu: number): void {
    this.#apply(side, name, (index) => [
      { op: 'setLink', index, mtu, up: true, addrGenModeNone: true },
      { op: 'addAddress', index, address: inside(side, 4), prefixLength: 24 },
      ...(mtu < 1280
        ? []
        : [{ op: 'addAddress', index, address: inside(side, 6), prefixLength: 64, noDad: true } as const]),
    ])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.left[Symbol.asyncDispose]()
    await this.right[Symbol.asyncDispose]()
  }

  #apply(side: SideName, link: string, requests: (index: number) => RtRequest[]): void {
    const index = this[side].linkIndex(link)
    using rtnetlink = this[side].rtnetlink()
    rtnetlink.apply(requests(index))
  }
}

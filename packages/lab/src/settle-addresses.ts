import { setTimeout as sleep } from 'node:timers/promises'

import type { Namespace } from './namespace.ts'

/** The loopback interface of every namespace, which has no link-local address. */
const loopbackIndex = 1

const settleMs = 10_000
const settlePauseMs = 2

/** What {@link settleAddresses} waits for. */
export interface SettleOptions {
  /** This link alone; without it every link but the loopback. */
  readonly link?: string
  /** Whether each link must have a link-local address first, which the kernel gives it a moment after it runs. */
  readonly linkLocal?: boolean
}

/**
 * Waits for the routes of IPv6 addresses, which the kernel puts in a moment after it shows the addresses
 * (net/ipv6/addrconf.c, addrconf_dad_work). Until then a packet may miss a route that is there (one in a thousand labs
 * sent its first packet to its own address out on the TUN device), and of two snapshots of an unchanged network only the
 * later one shows the routes.
 *
 * @throws Error that names what is missing, after ten seconds
 */
export async function settleAddresses(host: Namespace, options: SettleOptions = {}): Promise<void> {
  for (const end = performance.now() + settleMs; ;) {
    const missing = unsettled(host, options)
    if (missing.length === 0) return
    if (performance.now() > end) throw new Error(`lab: no route on ${host.name} of ${missing.join(', ')}`)
    await sleep(settlePauseMs)
  }
}

function unsettled(host: Namespace, { link: only, linkLocal = false }: SettleOptions): string[] {
  using netlink = host.rtnetlink()
  const routed = new Set(
    netlink
      .routes()
      .filter(({ type }) => type === 'local')
      .map(({ index, destination }) => `${index} ${destination}`),
  )
  const addresses = netlink.addresses().filter(({ family }) => family === 6)
  const links = netlink
    .links()
    .filter(({ index, name }) => index !== loopbackIndex && (only === undefined || name === only))
  return links.flatMap(({ index, name }) => {
    const own = addresses.filter((one) => one.index === index).map(({ address }) => address)
    const lacks = linkLocal && !own.some((address) => address.startsWith('fe80:'))
    const pending = own.filter((address) => !routed.has(`${index} ${address}/128`))
    return [...(lacks ? ['its link-local address'] : []), ...pending].map((what) => `${name}: ${what}`)
  })
}

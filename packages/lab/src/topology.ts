import { runNft, setSysctl } from '@vpnext/native'
import type { RtRequest } from '@vpnext/native'

import { labAddresses, labLinks, labPrefixLengths } from './addresses.ts'
import type { AddressPair } from './addresses.ts'
import type { Namespace } from './namespace.ts'

/** The four hosts of a lab. */
export interface Hosts {
  readonly client: Namespace
  readonly router: Namespace
  readonly gateway: Namespace
  readonly internet: Namespace
}

/** RT_TABLE_MAIN */
const mainTable = 254

/** Settings that a namespace needs before it has links, which are born with the defaults. */
const quietIpv6 = {
  // Addresses are usable at once.
  'net.ipv6.conf.default.accept_dad': 0,
  'net.ipv6.conf.default.dad_transmits': 0,
  // Nobody answers them; they would only be noise in captures.
  'net.ipv6.conf.default.router_solicitations': 0,
  // As network managers have it: an interface that was down for a moment keeps its addresses.
  'net.ipv6.conf.default.keep_addr_on_down': 1,
}

const forwarding = { 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1 }

/** Connects four fresh namespaces as `labAddresses` draws it. */
export function connectHosts(hosts: Hosts): void {
  for (const host of Object.values<Namespace>({ ...hosts })) host.run(() => applySysctls(quietIpv6))
  hosts.router.run(() => applySysctls(forwarding))
  hosts.gateway.run(() => applySysctls(forwarding))
  const { client, router, gateway, internet } = hosts
  cable(router, labLinks.routerToClient, client, labLinks.client)
  cable(router, labLinks.routerToGateway, gateway, labLinks.gateway)
  cable(router, labLinks.routerToInternet, internet, labLinks.internet)
  address(router, labLinks.routerToClient, labAddresses.router)
  address(router, labLinks.routerToGateway, labAddresses.routerAtGateway)
  address(router, labLinks.routerToInternet, labAddresses.routerAtInternet)
  address(client, labLinks.client, labAddresses.client, labAddresses.router)
  address(gateway, labLinks.gateway, labAddresses.gateway, labAddresses.routerAtGateway)
  address(internet, labLinks.internet, labAddresses.internet, labAddresses.routerAtInternet)
  gateway.run(() => runNft(masquerade))
}

/** Gives a link its addresses and, when a gateway is named, the host its default routes. Sets the link up. */
export function address(host: Namespace, link: string, own: AddressPair, gateway?: AddressPair): void {
  const index = host.linkIndex(link)
  const requests: RtRequest[] = [{ op: 'setLink', index, up: true }]
  for (const version of ['v4', 'v6'] as const) {
    const prefixLength = labPrefixLengths[version]
    requests.push({ op: 'addAddress', index, address: own[version], prefixLength, noDad: version === 'v6' })
    if (gateway !== undefined) {
      const family = version === 'v4' ? 4 : 6
      const destination = version === 'v4' ? '0.0.0.0/0' : '::/0'
      const route = {
        family,
        destination,
        table: mainTable,
        type: 'unicast',
        index,
        gateway: gateway[version],
      } as const
      requests.push({ op: 'addRoute', route })
    }
  }
  using rtnetlink = host.rtnetlink()
  rtnetlink.apply(requests)
}

/** A pair of virtual Ethernet links, one end in each host. */
function cable(a: Namespace, aLink: string, b: Namespace, bLink: string): void {
  using rtnetlink = a.rtnetlink()
  rtnetlink.apply([{ op: 'addLink', kind: 'veth', name: aLink, peer: { name: bLink, netnsFd: b.fd.number } }])
}

/** Tunnelled clients appear to the internet with the gateway's own addresses. */
const masquerade = `table inet lab {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr { 10.8.0.0/24, 10.9.0.0/24 } oifname "${labLinks.gateway}" masquerade
    ip6 saddr { fd08::/64, fd09::/64 } oifname "${labLinks.gateway}" masquerade
  }
}`

function applySysctls(settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) setSysctl(name, value)
}

import { type Link, type RtAddress, type RtRoute, Rtnetlink } from '@vpnext/native'
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'

/** `connection.NetBearType`. */
export const bearType = {
  BEARER_CELLULAR: 0,
  BEARER_WIFI: 1,
  BEARER_BLUETOOTH: 2,
  BEARER_ETHERNET: 3,
  BEARER_VPN: 4,
} as const

/** `connection.NetCap`. */
export const netCap = {
  NET_CAPABILITY_MMS: 0,
  NET_CAPABILITY_NOT_METERED: 11,
  NET_CAPABILITY_INTERNET: 12,
  NET_CAPABILITY_NOT_VPN: 15,
  NET_CAPABILITY_VALIDATED: 16,
  NET_CAPABILITY_PORTAL: 17,
  NET_CAPABILITY_CHECKING_CONNECTIVITY: 31,
} as const

/** One network that the machine is in. */
export interface Net {
  /** 100 and more, as on the device: 100 + the interface's index. */
  readonly netId: number
  readonly interfaceName: string
  readonly bearer: number
  readonly capabilities: NetCapabilities
  readonly properties: ConnectionProperties
}

/** `connection.NetCapabilities`. The bandwidths are not known. */
export interface NetCapabilities {
  readonly linkUpBandwidthKbps: number
  readonly linkDownBandwidthKbps: number
  readonly networkCap: readonly number[]
  readonly bearerTypes: readonly number[]
}

/** `connection.NetAddress`, family 1 for IPv4 and 2 for IPv6. */
export interface KitNetAddress {
  readonly address: string
  readonly family: number
  readonly port: number
}

/** `connection.ConnectionProperties`. */
export interface ConnectionProperties {
  readonly interfaceName: string
  /** Search domains. */
  readonly domains: string
  readonly linkAddresses: readonly { readonly address: KitNetAddress; readonly prefixLength: number }[]
  readonly dnses: readonly KitNetAddress[]
  readonly routes: readonly object[]
  readonly mtu: number
}

const firstNetId = 100
const mainTable = 254
const loopbackType = 772
/** Our own tunnels, whose routes are in tables of their own. */
const tunnelName = /^(vpn-tun\d*|multitun-vpn\d+)$/

/**
 * The networks of the machine: interfaces that are up and carry a default route of the main table, the one that is used
 * first, and after them the VPNs. A VPN never is the default network here: it is the uplink that programs ask for.
 *
 * @throws SystemError when rtnetlink does not answer
 */
export function readNets(): Net[] {
  using netlink = Rtnetlink.open()
  const links = netlink.links().filter((link) => link.up && link.type !== loopbackType)
  const addresses = netlink.addresses()
  const routes = netlink.routes().filter((route) => route.table === mainTable && route.type === 'unicast')
  const wireless = wirelessNames()
  const nameServers = readResolvConf()
  const toNet = (link: Link): Net => netOf(link, { addresses, routes, wireless, nameServers })

  const byIndex = new Map(links.map((link) => [link.index, link]))
  const uplinks = new Set<Link>()
  for (const route of routes.filter(isDefault).toSorted(bestFirst)) {
    const link = byIndex.get(indexOf(route) ?? 0)
    if (link?.running === true) uplinks.add(link)
  }
  const vpns = links.filter((link) => tunnelName.test(link.name))
  return [...uplinks, ...vpns].map(toNet)
}

interface Facts {
  readonly addresses: readonly RtAddress[]
  readonly routes: readonly RtRoute[]
  readonly wireless: ReadonlySet<string>
  readonly nameServers: { readonly servers: readonly string[]; readonly domains: string }
}

function netOf(link: Link, facts: Facts): Net {
  const bearer = bearerOf(link, facts.wireless)
  const isVpn = bearer === bearType.BEARER_VPN
  const networkCap: number[] = [
    ...(bearer === bearType.BEARER_CELLULAR ? [] : [netCap.NET_CAPABILITY_NOT_METERED]),
    netCap.NET_CAPABILITY_INTERNET,
    ...(isVpn ? [] : [netCap.NET_CAPABILITY_NOT_VPN]),
    // Nobody probes the Internet here: a default route over a link with a carrier has to do.
    netCap.NET_CAPABILITY_VALIDATED,
  ]
  return {
    netId: firstNetId + link.index,
    interfaceName: link.name,
    bearer,
    capabilities: { linkUpBandwidthKbps: 0, linkDownBandwidthKbps: 0, networkCap, bearerTypes: [bearer] },
    properties: {
      interfaceName: link.name,
      domains: isVpn ? '' : facts.nameServers.domains,
      linkAddresses: facts.addresses
        .filter((entry) => entry.index === link.index)
        .map(({ address, prefixLength }) => ({ address: kitNetAddress(address), prefixLength })),
      dnses: isVpn ? [] : facts.nameServers.servers.map(kitNetAddress),
      routes: facts.routes
        .filter((route) => indexOf(route) === link.index)
        .map((route) => kitRoute(route, link.name)),
      mtu: link.mtu,
    },
  }
}

function bearerOf(link: Link, wireless: ReadonlySet<string>): number {
  if (tunnelName.test(link.name)) return bearType.BEARER_VPN
  if (wireless.has(link.name)) return bearType.BEARER_WIFI
  if (link.kind === 'wwan' || /^(wwan|rmnet|ppp)/.test(link.name)) return bearType.BEARER_CELLULAR
  if (link.name.startsWith('bnep')) return bearType.BEARER_BLUETOOTH
  return bearType.BEARER_ETHERNET
}

/** An address as the kit writes it. */
export function kitNetAddress(address: string): KitNetAddress {
  return { address, family: isIPv6(address) ? 2 : 1, port: 0 }
}

function kitRoute(route: RtRoute, interfaceName: string): object {
  const [network = '', length = '0'] = route.destination.split('/')
  const gateway = route.nextHops?.[0]?.gateway ?? route.gateway
  return {
    interface: interfaceName,
    destination: { address: kitNetAddress(network), prefixLength: Number(length) },
    gateway: kitNetAddress(gateway ?? (route.family === 6 ? '::' : '0.0.0.0')),
    hasGateway: gateway !== undefined,
    isDefaultRoute: isDefault(route),
  }
}

function isDefault(route: RtRoute): boolean {
  return route.destination === '0.0.0.0/0' || route.destination === '::/0'
}

/** IPv4 before IPv6, then by metric. */
function bestFirst(one: RtRoute, other: RtRoute): number {
  return one.family - other.family || one.metric - other.metric
}

function indexOf(route: RtRoute): number | undefined {
  return route.nextHops?.[0]?.index ?? route.index
}

/** Names of wireless interfaces, from /proc/net/wireless, which has two lines of heading. */
function wirelessNames(): ReadonlySet<string> {
  const lines = readText('/proc/net/wireless').split('\n').slice(2)
  return new Set(lines.map((line) => line.split(':')[0]?.trim() ?? ''))
}

/** resolv.conf(5) as the process sees it: that of the uplink, as it is now. */
function readResolvConf(): { servers: string[]; domains: string } {
  const words = readText('/etc/resolv.conf')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return {
    servers: words.filter(([key]) => key === 'nameserver').flatMap(([, server]) => server ?? []),
    domains: (words.findLast(([key]) => key === 'search' || key === 'domain') ?? []).slice(1).join(' '),
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

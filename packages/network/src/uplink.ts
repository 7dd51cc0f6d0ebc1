import { type IpFamily, type Link, type RtAddress, Rtnetlink, type RtRoute } from '@vpnext/native'

/** Where one family's default route of the main table leads. */
export interface UplinkPath {
  readonly interfaceName: string
  readonly index: number
  /** Absent on a link without neighbours. */
  readonly gateway?: string
  /** Addresses of the interface, of this family, link-local ones left out. */
  readonly addresses: readonly string[]
}

/** The physical network. At least one of the families is there. */
export interface Uplink {
  /** The interface of the IPv4 default route, else of the IPv6 one. */
  readonly interfaceName: string
  /** Addresses of both families. */
  readonly addresses: readonly string[]
  readonly ipv4?: UplinkPath
  readonly ipv6?: UplinkPath
}

const MAIN_TABLE = 254
/** RT_SCOPE_UNIVERSE */
const GLOBAL_SCOPE = 0

/**
 * The physical network as the main table has it; our tunnels never show up there.
 *
 * @returns undefined without a default route of either family
 * @throws SystemError when rtnetlink does not answer
 */
export function uplink(): Uplink | undefined {
  using netlink = Rtnetlink.open()
  const found = { links: netlink.links(), addresses: netlink.addresses(), routes: netlink.routes() }
  const ipv4 = pathOf(4, found)
  const ipv6 = pathOf(6, found)
  const first = ipv4 ?? ipv6
  if (first === undefined) return undefined
  return {
    interfaceName: first.interfaceName,
    addresses: [...(ipv4?.addresses ?? []), ...(ipv6?.addresses ?? [])],
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
  }
}

interface Found {
  readonly links: readonly Link[]
  readonly addresses: readonly RtAddress[]
  readonly routes: readonly RtRoute[]
}

function pathOf(family: IpFamily, { links, addresses, routes }: Found): UplinkPath | undefined {
  const everything = family === 4 ? '0.0.0.0/0' : '::/0'
  const best = routes
    .filter(
      (route) =>
        route.family === family &&
        route.table === MAIN_TABLE &&
        route.type === 'unicast' &&
        route.destination === everything,
    )
    .toSorted((a, b) => a.metric - b.metric)[0]
  const hop = best?.nextHops?.[0] ?? best
  const link = links.find(({ index }) => index === hop?.index)
  if (link === undefined) return undefined
  return {
    interfaceName: link.name,
    index: link.index,
    ...(hop?.gateway === undefined ? {} : { gateway: hop.gateway }),
    addresses: addresses
      .filter(
        (entry) => entry.index === link.index && entry.family === family && entry.scope === GLOBAL_SCOPE,
      )
      .map(({ address }) => address),
  }
}

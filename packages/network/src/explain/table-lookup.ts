import { parseAddress, parsePrefix, prefixContains } from '@vpnext/ip'
import type { NextHop, RtRoute } from '@vpnext/native'
import type { PacketQuestion, RouteError } from './packet.ts'

/** What one table says of a packet. */
export type TableAnswer =
  /** It goes this way; one hop when the question names an interface, else the route's first usable. */
  | { readonly kind: 'way'; readonly route: RtRoute; readonly hop: Pick<NextHop, 'index' | 'gateway'> }
  | { readonly kind: 'refused'; readonly route: RtRoute; readonly error: RouteError }
  /** A `throw` route, or none: the next rule decides. */
  | { readonly kind: 'nothing'; readonly route?: RtRoute }

const errors: Readonly<Partial<Record<RtRoute['type'], RouteError>>> = {
  unreachable: 'EHOSTUNREACH',
  prohibit: 'EACCES',
  blackhole: 'EINVAL',
}

/** RTNH_F_DEAD */
const DEAD = 1

/**
 * Looks a packet up in one table: the longest prefix, then the smallest metric, whose next hop can be used. As
 * fib_table_lookup() in net/ipv4/fib_trie.c and fib6_table_lookup() in net/ipv6/route.c.
 *
 * @param routes of all tables, in the order of a dump
 */
export function lookUp(routes: readonly RtRoute[], table: number, packet: PacketQuestion): TableAnswer {
  for (const route of candidates(routes, table, packet)) {
    // IPv6 ties a route that refuses to the loopback device, so that a socket bound to another one does not meet it.
    if (route.type === 'throw' || errors[route.type] !== undefined) {
      if (packet.family === 6 && packet.oif !== undefined) continue
      const error = errors[route.type]
      return error === undefined ? { kind: 'nothing', route } : { kind: 'refused', route, error }
    }
    const hop = usableHop(route, packet)
    if (hop !== undefined) return { kind: 'way', route, hop }
  }
  return { kind: 'nothing' }
}

/** Routes for the destination, best first. */
function candidates(routes: readonly RtRoute[], table: number, packet: PacketQuestion): RtRoute[] {
  const destination = parseAddress(packet.destination)
  if (destination === undefined) throw new RangeError(`destination: ${packet.destination} is no address`)
  return routes
    .flatMap((route) => {
      if (route.family !== packet.family || route.table !== table) return []
      // Only of packets with that type of service, which a socket has to ask for.
      if (route.tos !== undefined || !isFrom(route, packet)) return []
      const prefix = parsePrefix(route.destination)
      return prefix !== undefined && prefixContains(prefix, destination)
        ? [{ route, length: prefix.length }]
        : []
    })
    .toSorted((a, b) => b.length - a.length || a.route.metric - b.route.metric)
    .map(({ route }) => route)
}

/** An IPv6 subtree route is for packets from its prefix. */
function isFrom({ from }: RtRoute, { source }: PacketQuestion): boolean {
  if (from === undefined) return true
  const prefix = parsePrefix(from)
  const address = source === undefined ? undefined : parseAddress(source)
  return prefix !== undefined && address !== undefined && prefixContains(prefix, address)
}

function usableHop(route: RtRoute, { oif }: PacketQuestion): Pick<NextHop, 'index' | 'gateway'> | undefined {
  if ((route.flags & DEAD) !== 0) return undefined
  const single = {
    index: route.index ?? 0,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
  }
  const hops = route.nextHops ?? [single]
  return hops.find(({ index }) => oif === undefined || index === oif)
}

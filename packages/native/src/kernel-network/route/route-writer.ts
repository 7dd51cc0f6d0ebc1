import { ip, prefix, refuse, refuseIp, unsigned } from '../fields.ts'
import { addressFamily, ipFamilyOf, ipSize, writeIp } from '../ip-text.ts'
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST } from '../netlink/constants.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import {
  RTM_DELROUTE,
  RTM_NEWROUTE,
  SCOPE_HOST,
  SCOPE_LINK,
  SCOPE_NOWHERE,
  SCOPE_UNIVERSE,
} from './constants.ts'
import type { RouteSpec } from './objects.ts'
import type { RouteRequest } from './request.ts'
import {
  routeTypes,
  RTA_DST,
  RTA_GATEWAY,
  RTA_METRICS,
  RTA_OIF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_TABLE,
  RTA_VIA,
  RTAX_MTU,
  RTNH_F_ONLINK,
  RTPROT_BOOT,
} from './route-attributes.ts'

const types: Readonly<Record<RouteRequest['op'], number>> = {
  addRoute: RTM_NEWROUTE,
  replaceRoute: RTM_NEWROUTE,
  deleteRoute: RTM_DELROUTE,
}
const flags: Readonly<Record<RouteRequest['op'], number>> = {
  addRoute: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
  replaceRoute: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE,
  deleteRoute: NLM_F_REQUEST | NLM_F_ACK,
}

/** Writes RTM_NEWROUTE or RTM_DELROUTE. */
export function writeRoute(writer: MessageWriter, request: RouteRequest, sequence: number): void {
  const { op, route } = request
  const { family, table } = route
  const destination = prefix('route.destination', route.destination, family)
  const type = routeTypes.indexOf(route.type) + 1
  if (type === 0) refuse('route.type', `${JSON.stringify(route.type)} is not a type`)
  unsigned('route.table', table)
  writer.begin(types[op], flags[op], sequence)
  writer.u8(addressFamily(family))
  writer.u8(destination.length)
  writer.u8(0)
  writer.u8(0)
  writer.u8(table < 256 ? table : 0)
  writer.u8(unsigned('route.protocol', route.protocol ?? (op === 'deleteRoute' ? 0 : RTPROT_BOOT), 255))
  writer.u8(unsigned('route.scope', route.scope ?? defaultScope(route, op), 255))
  writer.u8(type)
  writer.u32(route.onlink === true ? RTNH_F_ONLINK : 0)
  if (!writer.attributeIp(RTA_DST, destination.address, family)) {
    refuseIp('route.destination', destination.address, family)
  }
  writer.attributeU32(RTA_TABLE, table)
  if (route.metric !== undefined) writer.attributeU32(RTA_PRIORITY, unsigned('route.metric', route.metric))
  if (route.index !== undefined)
    writer.attributeU32(RTA_OIF, unsigned('route.index', route.index, 0x7fff_ffff))
  if (route.gateway !== undefined) writeGateway(writer, route.gateway, route)
  if (route.preferredSource !== undefined) {
    writer.attributeIp(RTA_PREFSRC, ip('route.preferredSource', route.preferredSource, family), family)
  }
  if (route.mtu !== undefined) {
    const metrics = writer.beginNested(RTA_METRICS)
    writer.attributeU32(RTAX_MTU, unsigned('route.mtu', route.mtu))
    writer.endAttribute(metrics)
  }
  writer.end()
}

function writeGateway(writer: MessageWriter, gateway: string, route: RouteSpec): void {
  const family = ipFamilyOf(gateway)
  ip('route.gateway', gateway, family)
  if (family === route.family) {
    writer.attributeIp(RTA_GATEWAY, gateway, family)
    return
  }
  if (route.family === 6) refuseIp('route.gateway', gateway, 6)
  // struct rtvia: family u16, address.
  const via = new Uint8Array(2 + ipSize(family))
  via[0] = addressFamily(family)
  writeIp(via, 2, gateway, family)
  writer.attributeBytes(RTA_VIA, via)
}

/** As `ip route` chooses it; IPv6 has no scopes. */
function defaultScope(route: RouteSpec, op: RouteRequest['op']): number {
  if (route.family === 6) return SCOPE_UNIVERSE
  if (op === 'deleteRoute') return SCOPE_NOWHERE
  if (route.type === 'local' || route.type === 'nat') return SCOPE_HOST
  if (route.type === 'broadcast' || route.type === 'anycast' || route.type === 'multicast') return SCOPE_LINK
  return route.type === 'unicast' && route.gateway === undefined ? SCOPE_LINK : SCOPE_UNIVERSE
}

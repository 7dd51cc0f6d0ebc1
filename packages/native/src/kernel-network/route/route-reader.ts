import { ipFamilyFrom, ipSize, readIp } from '../ip-text.ts'
import { Attributes } from '../netlink/attributes.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import type { Writable } from '../writable.ts'
import type { IpFamily, NextHop, RtRoute } from './objects.ts'
import {
  routeTypes,
  RTA_DST,
  RTA_GATEWAY,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_NH_ID,
  RTA_OIF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTA_VIA,
  RTAX_MTU,
  RTM_F_CLONED,
  RTMSG_SIZE,
  RTNH_F_ONLINK,
} from './route-attributes.ts'

/** struct rtnexthop: length u16, flags u8, weight - 1 u8, index i32; attributes follow. */
const RTNEXTHOP_SIZE = 8

const attributes = new Attributes(RTA_NH_ID)
const metrics = new Attributes(RTAX_MTU)
const hopAttributes = new Attributes(RTA_VIA)

/**
 * Reads RTM_NEWROUTE or RTM_DELROUTE.
 *
 * @param cloned whether to accept an entry that the kernel made for one destination, as answers to a question are
 * @returns undefined for other families than IPv4 and IPv6, for types that have no name here, and for refused clones
 */
export function readRoute(message: NetlinkMessage, cloned = false): RtRoute | undefined {
  const { source, start, end } = message
  if (end - start < RTMSG_SIZE) return undefined
  const family = ipFamilyFrom(source.readUInt8(start))
  const type = routeTypes[source.readUInt8(start + 7) - 1]
  const flags = source.readUInt32LE(start + 8)
  if (family === undefined || type === undefined) return undefined
  if (!cloned && (flags & RTM_F_CLONED) !== 0) return undefined
  attributes.read(source, start + RTMSG_SIZE, end)
  const route: Writable<RtRoute> = {
    family,
    destination: prefixText(RTA_DST, family, source.readUInt8(start + 1)),
    table: attributes.u32(RTA_TABLE) ?? source.readUInt8(start + 4),
    type,
    metric: attributes.u32(RTA_PRIORITY) ?? 0,
    protocol: source.readUInt8(start + 5),
    scope: source.readUInt8(start + 6),
    flags,
  }
  readOptional(route, source, start)
  return route
}

function readOptional(route: Writable<RtRoute>, source: Buffer, start: number): void {
  const index = attributes.u32(RTA_OIF)
  if (index !== undefined) route.index = index
  const gateway = readGateway(attributes, source, route.family)
  if (gateway !== undefined) route.gateway = gateway
  const preferredSource = attributes.ip(RTA_PREFSRC, route.family)
  if (preferredSource !== undefined) route.preferredSource = preferredSource
  if ((route.flags & RTNH_F_ONLINK) !== 0) route.onlink = true
  const sourceLength = source.readUInt8(start + 2)
  if (sourceLength > 0) route.from = prefixText(RTA_SRC, route.family, sourceLength)
  const tos = source.readUInt8(start + 3)
  if (tos !== 0) route.tos = tos
  const nextHopId = attributes.u32(RTA_NH_ID)
  if (nextHopId !== undefined) route.nextHopId = nextHopId
  if (attributes.size(RTA_METRICS) > 0) {
    const mtu = metrics.readNested(attributes, RTA_METRICS).u32(RTAX_MTU)
    if (mtu !== undefined) route.mtu = mtu
  }
  if (attributes.size(RTA_MULTIPATH) > 0) route.nextHops = readNextHops(source, route.family)
}

/** `net/len`; a default route comes without an address. */
function prefixText(type: number, family: IpFamily, length: number): string {
  return `${attributes.ip(type, family) ?? (family === 4 ? '0.0.0.0' : '::')}/${length}`
}

function readGateway(from: Attributes, source: Buffer, family: IpFamily): string | undefined {
  const gateway = from.ip(RTA_GATEWAY, family)
  const size = from.size(RTA_VIA)
  if (gateway !== undefined || size < 2) return gateway
  const viaFamily = ipFamilyFrom(source.readUInt16LE(from.offset(RTA_VIA)))
  if (viaFamily === undefined || size < 2 + ipSize(viaFamily)) return undefined
  return readIp(source, from.offset(RTA_VIA) + 2, viaFamily)
}

function readNextHops(source: Buffer, family: IpFamily): NextHop[] {
  const hops: NextHop[] = []
  const end = attributes.offset(RTA_MULTIPATH) + attributes.size(RTA_MULTIPATH)
  for (let at = attributes.offset(RTA_MULTIPATH); at + RTNEXTHOP_SIZE <= end;) {
    const length = source.readUInt16LE(at)
    if (length < RTNEXTHOP_SIZE || at + length > end) break
    const gateway = readGateway(hopAttributes.read(source, at + RTNEXTHOP_SIZE, at + length), source, family)
    hops.push({
      index: source.readInt32LE(at + 4),
      ...(gateway === undefined ? {} : { gateway }),
      weight: source.readUInt8(at + 3) + 1,
    })
    at += (length + 3) & ~3
  }
  return hops
}

import { AF_INET6 } from '../ip-text.ts'
import { Attributes } from '../netlink/attributes.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import {
  IFF_LOWER_UP,
  IFF_UP,
  IFLA_ADDRESS,
  IFLA_AF_SPEC,
  IFLA_IFNAME,
  IFLA_INET6_ADDR_GEN_MODE,
  IFLA_INFO_KIND,
  IFLA_LINK,
  IFLA_LINKINFO,
  IFLA_MASTER,
  IFLA_MTU,
  IFLA_STATS64,
} from './link-attributes.ts'
import type { Link, LinkStatistics } from './objects.ts'

const IFINFOMSG_SIZE = 16
/** enum in6_addr_gen_mode */
const addressGenerations = ['eui64', 'none', 'stable-privacy', 'random'] as const

const attributes = new Attributes(IFLA_AF_SPEC)
const info = new Attributes(IFLA_INFO_KIND)
const families = new Attributes(AF_INET6)
const inet6 = new Attributes(IFLA_INET6_ADDR_GEN_MODE)

/**
 * Reads RTM_NEWLINK or RTM_DELLINK.
 *
 * @returns undefined for the messages that bridges send about their ports
 */
export function readLink(message: NetlinkMessage): Link | undefined {
  const { source, start, end } = message
  if (end - start < IFINFOMSG_SIZE || source.readUInt8(start) !== 0) return undefined
  attributes.read(source, start + IFINFOMSG_SIZE, end)
  const flags = source.readUInt32LE(start + 8)
  const kind = info.readNested(attributes, IFLA_LINKINFO).text(IFLA_INFO_KIND)
  const mode = inet6
    .readNested(families.readNested(attributes, IFLA_AF_SPEC), AF_INET6)
    .u8(IFLA_INET6_ADDR_GEN_MODE)
  const generation = mode === undefined ? undefined : addressGenerations[mode]
  const address = hardwareAddress(source)
  const master = attributes.u32(IFLA_MASTER)
  const linkIndex = attributes.u32(IFLA_LINK)
  return {
    index: source.readInt32LE(start + 4),
    name: attributes.text(IFLA_IFNAME) ?? '',
    ...(kind === undefined ? {} : { kind }),
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_LOWER_UP) !== 0,
    flags,
    type: source.readUInt16LE(start + 2),
    mtu: attributes.u32(IFLA_MTU) ?? 0,
    ...(address === undefined ? {} : { address }),
    ...(master === undefined ? {} : { master }),
    ...(linkIndex === undefined ? {} : { linkIndex }),
    ...(generation === undefined ? {} : { addressGeneration: generation }),
    statistics: statistics(source),
  }
}

function hardwareAddress(source: Buffer): string | undefined {
  const size = attributes.size(IFLA_ADDRESS)
  if (size <= 0) return undefined
  const start = attributes.offset(IFLA_ADDRESS)
  return source.toString('hex', start, start + size).replaceAll(/..(?=.)/g, '$&:')
}

/** struct rtnl_link_stats64: u64 each: packets in, out; bytes in, out; errors in, out; dropped in, out; … */
function statistics(source: Buffer): LinkStatistics {
  const present = attributes.size(IFLA_STATS64) >= 64
  const counter = (position: number): number =>
    present ? Number(source.readBigUInt64LE(attributes.offset(IFLA_STATS64) + position * 8)) : 0
  return {
    rxPackets: counter(0),
    txPackets: counter(1),
    rxBytes: counter(2),
    txBytes: counter(3),
    rxDropped: counter(6),
    txDropped: counter(7),
  }
}

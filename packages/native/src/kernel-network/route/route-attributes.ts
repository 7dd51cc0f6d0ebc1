import type { RouteType } from './objects.ts'

/** include/uapi/linux/rtnetlink.h */
export const RTA_DST = 1
export const RTA_SRC = 2
export const RTA_IIF = 3
export const RTA_OIF = 4
export const RTA_GATEWAY = 5
export const RTA_PRIORITY = 6
export const RTA_PREFSRC = 7
export const RTA_METRICS = 8
export const RTA_MULTIPATH = 9
export const RTA_TABLE = 15
export const RTA_MARK = 16
export const RTA_VIA = 18
export const RTA_UID = 25
export const RTA_IP_PROTO = 27
export const RTA_SPORT = 28
export const RTA_DPORT = 29
export const RTA_NH_ID = 30

/** Inside RTA_METRICS. */
export const RTAX_MTU = 2

export const RTM_F_CLONED = 0x200
/** In a question: answer with the table that was used. */
export const RTM_F_LOOKUP_TABLE = 0x1000
/** In a question: answer with the entry of the table. */
export const RTM_F_FIB_MATCH = 0x2000
export const RTNH_F_ONLINK = 4

/** struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type u8 each, flags u32. */
export const RTMSG_SIZE = 12
/** RTPROT_BOOT: what `ip route` writes when nothing is said. */
export const RTPROT_BOOT = 3

/** RTN_*: position = number - 1. */
export const routeTypes: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
]

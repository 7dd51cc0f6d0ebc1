/** What can be watched. */
export type NetlinkGroup = 'link' | 'address' | 'route' | 'rule' | 'netconf4'

/**
 * Bits of nl_groups: RTMGRP_* of include/uapi/linux/rtnetlink.h, IPv4 and IPv6; rule: RTNLGRP_IPV4_RULE 8, _IPV6_RULE 19;
 * netconf4: RTNLGRP_IPV4_NETCONF 24, which tells of some of `net.ipv4.conf.*`, rp_filter among them.
 */
const groupBits: Readonly<Record<NetlinkGroup, number>> = {
  link: 0x1,
  address: 0x10 | 0x100,
  route: 0x40 | 0x400,
  rule: 0x80 | 0x40000,
  netconf4: 0x800000,
}

/** @throws RangeError for no group */
export function bitsOf(groups: readonly NetlinkGroup[]): number {
  if (groups.length === 0) throw new RangeError('groups: is empty')
  return groups.reduce((all, group) => all | groupBits[group], 0)
}

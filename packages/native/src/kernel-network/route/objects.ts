/** 4 = IPv4, 6 = IPv6. Addresses travel as text: what inet_pton reads; kernel answers are in RFC 5952 form. */
export type IpFamily = 4 | 6

/** A network interface of one network namespace. */
export interface Link {
  readonly index: number
  readonly name: string
  /** IFLA_INFO_KIND, e.g. `veth`, `dummy`, `bridge`, `tun`; absent for loopback and for most hardware. */
  readonly kind?: string
  /** Administratively up (IFF_UP). */
  readonly up: boolean
  /** IFF_LOWER_UP: the carrier is there. A TUN has one while somebody holds its descriptor. */
  readonly running: boolean
  /** All of net_device flags (IFF_*), include/uapi/linux/if.h. */
  readonly flags: number
  /** ARPHRD_*: 1 Ethernet, 65534 none (TUN), 772 loopback. */
  readonly type: number
  /** Bytes. */
  readonly mtu: number
  /** Hardware address, `02:…` lower case; absent when the link has none. */
  readonly address?: string
  /** Index of the bridge or VRF it belongs to. */
  readonly master?: number
  /** IFLA_LINK: of a veth the index of the other end, in that end's namespace; of a VLAN the link below. */
  readonly linkIndex?: number
  /** `eui64`, `none`, … : how the kernel makes IPv6 link-local addresses; absent without IPv6. */
  readonly addressGeneration?: 'eui64' | 'none' | 'stable-privacy' | 'random'
  readonly statistics: LinkStatistics
}

/** Counters since the link exists. Volatile: a snapshot leaves them out. */
export interface LinkStatistics {
  readonly rxPackets: number
  readonly txPackets: number
  readonly rxBytes: number
  readonly txBytes: number
  readonly rxDropped: number
  readonly txDropped: number
}

/** An address of an interface. */
export interface RtAddress {
  readonly index: number
  readonly family: IpFamily
  readonly address: string
  readonly prefixLength: number
  /** The other end of a point-to-point address, when it is not `address` itself. */
  readonly peer?: string
  readonly broadcast?: string
  /** IPv4 label, e.g. `eth0:1`. */
  readonly label?: string
  /** RT_SCOPE_*: 0 universe, 253 link, 254 host. */
  readonly scope: number
  readonly noPrefixRoute: boolean
  readonly permanent: boolean
  /** Duplicate address detection is still running, or failed. */
  readonly tentative: boolean
  /** All of IFA_F_*, include/uapi/linux/if_addr.h. */
  readonly flags: number
}

/** RTN_* by name; `unicast` sends, `throw` leaves the table, the others refuse or are made by the kernel. */
export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat'

/** What a request says of a route; the fields of {@link RtRoute} that a kernel route has besides are ignored. */
export interface RouteSpec {
  readonly family: IpFamily
  /** `net/len`, canonical: host bits are 0 (the kernel refuses others). `0.0.0.0/0`, `::/0` for a default route. */
  readonly destination: string
  /** 1..2^32-1; 254 is `main`. */
  readonly table: number
  readonly type: RouteType
  /** Interface index. A `unicast` route needs it, or a gateway. */
  readonly index?: number
  /** Of either family: an IPv4 route may have an IPv6 gateway. */
  readonly gateway?: string
  /** RTA_PRIORITY: the smallest wins. 0 when absent, except that the kernel gives IPv6 routes 1024. */
  readonly metric?: number
  /** RTPROT_*, 0..255: who made it. 3 (boot) when absent. */
  readonly protocol?: number
  /** RT_SCOPE_*, 0..255. When absent: link for an IPv4 unicast route without gateway, host for `local`, else universe. */
  readonly scope?: number
  /** Preferred source address. */
  readonly preferredSource?: string
  /** The gateway is on the link although no prefix says so. */
  readonly onlink?: boolean
  /** RTAX_MTU, bytes. */
  readonly mtu?: number
}

/** A route of a table, as the kernel tells. One without `nextHops` and `nextHopId` can be given back in a request. */
export interface RtRoute extends RouteSpec {
  readonly metric: number
  readonly protocol: number
  readonly scope: number
  /** IPv6 source prefix (`net/len`) of a subtree route. */
  readonly from?: string
  /** Type of service, when not 0. */
  readonly tos?: number
  /** More than one next hop. `index` and `gateway` are absent then. */
  readonly nextHops?: readonly NextHop[]
  /** RTA_NH_ID: the next hop is an object of its own. */
  readonly nextHopId?: number
  /** RTM_F_*, RTNH_F_* : 1 dead, 16 link down. Volatile. */
  readonly flags: number
}

export interface NextHop {
  readonly index: number
  readonly gateway?: string
  /** 1..256 */
  readonly weight: number
}

/** What {@link Rtnetlink.getRoute} asks: the way of one packet. */
export interface RouteQuery {
  readonly family: IpFamily
  /** An address without a length. */
  readonly destination: string
  /** Firewall mark of the packet. */
  readonly mark?: number
  readonly uid?: number
  /** Index of the interface the socket is bound to. */
  readonly oif?: number
  /** Index of the interface a forwarded packet came from. */
  readonly iif?: number
  /** Source address. */
  readonly from?: string
  readonly ipProto?: number
  readonly sport?: number
  readonly dport?: number
  /**
   * Answer with the route of the table, as {@link Rtnetlink.routes} has it, instead of with the way the packet takes
   * (`destination` of full length, source address chosen).
   */
  readonly tableEntry?: boolean
}

/** FR_ACT_* by name. */
export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit'

/** Both ends included. */
export interface NumberRange {
  readonly from: number
  readonly to: number
}

/** A routing policy rule, in requests and in answers. What is absent matches everything. */
export interface RtRule {
  readonly family: IpFamily
  /** 0..2^32-1, the smallest first. */
  readonly priority: number
  readonly action: RuleAction
  /** For `lookup`: 1..2^32-1. */
  readonly table?: number
  /** For `goto`: the priority of the rule to go on with. */
  readonly target?: number
  readonly mark?: number
  /** 0xffffffff when absent beside a mark. */
  readonly mask?: number
  /** Interface names; `iif: 'lo'` means made on this machine. */
  readonly iif?: string
  readonly oif?: string
  readonly uidRange?: NumberRange
  /** A looked-up route whose length is this or less does not count. 0 ignores default routes. */
  readonly suppressPrefixLength?: number
  /** IPPROTO_*: 6 TCP, 17 UDP. */
  readonly ipProto?: number
  /** A port or a range of them; answers always have a range. */
  readonly sport?: number | NumberRange
  readonly dport?: number | NumberRange
  /** `net/len` */
  readonly from?: string
  readonly to?: string
  /** Everything but what matches. */
  readonly invert?: boolean
  /** The table is that of the VRF which the packet belongs to. */
  readonly l3mdev?: boolean
  /** RTPROT_*, 0..255: who made it. */
  readonly protocol?: number
}

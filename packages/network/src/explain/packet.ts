import type { IpFamily, Link, NftListing, RtRoute, RtRule } from '@vpnext/native'

/** A packet that a program on this machine would send: what routing rules and the guard look at. */
export interface PacketQuestion {
  readonly family: IpFamily
  /** An address without a length. */
  readonly destination: string
  /** The address its socket is bound to; absent: the kernel chooses. */
  readonly source?: string
  /** SO_MARK of its socket; 0: none. */
  readonly mark: number
  /** Owner of its socket. */
  readonly uid: number
  /**
   * Index of the interface its socket is bound to. Not beside an IPv6 `source`: asked for both without a socket, the kernel
   * takes the interface for a wish only (RT6_LOOKUP_F_IFACE in net/ipv6/route.c).
   */
  readonly oif?: number
  /** IPPROTO_*: 6 TCP, 17 UDP, 1 ICMP. */
  readonly ipProto: number
  /** 0 to 65535; absent: not known, and 0 to routing rules, as for a socket that is not bound. */
  readonly sport?: number
  readonly dport?: number
}

/** What a network namespace says about where packets go. Plain JSON, read by `readNetworkView`. */
export interface NetworkView {
  readonly links: readonly Link[]
  /** Of all tables. */
  readonly routes: readonly RtRoute[]
  /** In the order the kernel looks at them. */
  readonly rules: readonly RtRule[]
  /** The packet filter; absent where it cannot be read, and then why. */
  readonly filter:
    | { readonly kind: 'listing'; readonly listing: NftListing }
    | { readonly kind: 'unreadable'; readonly reason: string }
}

/** What a socket's call fails with when routing refuses a packet. */
export type RouteError = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL'

/**
 * An address as the connection module of HarmonyOS writes it (API document, `connection.NetAddress`).
 */
export interface NetAddress {
  /** IPv4 dotted quad or IPv6 text as inet_pton(3) reads it: no zone, no prefix length, no port. */
  address: string
  /** 1 = IPv4, 2 = IPv6. These are not the AF_ numbers of Linux. Default 1; the text decides, a mismatch only warns. */
  family?: number
  /** 0 to 65535, default 0. Checked and not used by VPNs. */
  port?: number
}

/** An address with the length of its prefix (API document, `connection.LinkAddress`). */
export interface LinkAddress {
  address: NetAddress
  /** Bits of the network part: 1 to 32 (IPv4) or 128 (IPv6) for an address, 0 allowed for a route's destination. */
  prefixLength: number
}

/** A route of the VPN (API document, `connection.RouteInfo`). */
export interface RouteInfo {
  /** `''` or `vpn-tun`: the VPN's own interface. Other names are refused. */
  interface: string
  /** What the route covers. Host bits are masked off. */
  destination: LinkAddress
  /** `''`, `0.0.0.0`, `::` and `fe80::` mean: no gateway. */
  gateway: NetAddress
  /** Informative; the text of `gateway` decides. */
  hasGateway: boolean
  /** Informative; the prefix length of `destination` decides. */
  isDefaultRoute: boolean
  /** True: traffic to `destination` stays out of the VPN. Default false. Since API version 20. */
  isExcludedRoute?: boolean
}

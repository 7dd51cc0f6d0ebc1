import type { LinkAddress, RouteInfo } from './net-address.ts'

/**
 * What `VpnConnection.create()` takes (API document, `VpnConfig`). Bounds: {@link limits}.
 */
export interface VpnConfig {
  /** Names one of several VPNs of the same extension; any text, see `generateVpnId()`. Since API version 20. */
  vpnId?: string
  /** Addresses of the virtual interface. May be empty; the VPN then carries nothing. */
  addresses: LinkAddress[]
  /** What goes through the VPN. Absent or empty: everything of the accepted families. */
  routes?: RouteInfo[]
  /** Addresses of the DNS servers. */
  dnsAddresses?: string[]
  /** DNS search domains. */
  searchDomains?: string[]
  /** Largest packet in bytes: 576 to 65535, at least 1280 with IPv6. Absent or 0: 1500. */
  mtu?: number
  /** Whether the VPN carries IPv4. Absent: when an address is IPv4, or there is none. */
  isIPv4Accepted?: boolean
  /** Whether the VPN carries IPv6. Absent: when an address is IPv6. */
  isIPv6Accepted?: boolean
  /** Accepted for the sake of the document; without effect, as on the device. */
  isInternal?: boolean
  /** Whether reading the file descriptor waits for a packet. Default false. */
  isBlocking?: boolean
  /** Bundle names that alone use the VPN. Empty: no list. Not together with `blockedApplications`. */
  trustedApplications?: string[]
  /** Bundle names that do not use the VPN. Empty: no list. */
  blockedApplications?: string[]
  /** What vpnext can do beyond the document. The device ignores it. */
  vpnext?: VpnextOptions
}

/** Options of vpnext beside those of the document. Without them a VPN is exactly the document's. */
export interface VpnextOptions {
  /**
   * Whether the file descriptor is made for segmentation offload: each read and write has a struct virtio_net_hdr of 10 bytes
   * before the packet, and packets of up to 64 KiB pass once the reader asks for them (`TUNSETOFFLOAD`). For the device of
   * `@vpnext/packet`, which does all that. Default false: one raw packet per read.
   */
  offload?: boolean
}

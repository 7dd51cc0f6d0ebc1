/** An address of the tunnel. */
export interface CheckedAddress {
  /** Canonical text. */
  address: string
  family: 4 | 6
  /** 1 to 32 or 128. */
  prefixLength: number
}

/** A route of the tunnel. */
export interface CheckedRoute {
  /** Canonical `net/len`, host bits masked. Occurs once in a config. */
  destination: string
  family: 4 | 6
  /** Canonical address of the same family; `''` means none. */
  gateway: string
  /** True: stays out of the tunnel. */
  excluded: boolean
  /** True: a default route made because the program gave no routes. */
  generated: boolean
}

/** Something accepted that probably does not do what its author thinks. */
export interface ConfigWarning {
  /** Exact path, as in an error's `data.field`. */
  field: string
  reason: string
}

/**
 * A config that passed every check: plain JSON, nothing optional, nothing left to decide. It is what a tunnel is planned
 * from.
 */
export interface CheckedVpnConfig {
  /** `''` when none was given. */
  vpnId: string
  addresses: CheckedAddress[]
  routes: CheckedRoute[]
  /** Canonical addresses, in order of preference, without repeats. */
  dnsServers: string[]
  /** Lower case, without a trailing dot, without repeats. */
  searchDomains: string[]
  /** Bytes. */
  mtu: number
  acceptIPv4: boolean
  acceptIPv6: boolean
  /** Whether a read of the file descriptor waits. */
  blocking: boolean
  /** Whether the file descriptor has virtio-net headers; see `VpnextOptions`. */
  offload: boolean
  /** Bundle names; empty means no list. At most one of the two lists is not empty. */
  trustedApplications: string[]
  blockedApplications: string[]
  warnings: ConfigWarning[]
}

/** A part of a rule: what a packet must be like, or what happens to it. */
export type NftStatement = NftMatch | NftAction

/** Where a packet comes from or goes to. */
export type NftAddressField = 'saddr' | 'daddr'

export type NftMatch =
  /** A device by name, or one of a set of names. */
  | { readonly kind: 'interface'; readonly side: 'iifname' | 'oifname'; readonly name: string }
  | { readonly kind: 'interfaceIn'; readonly side: 'iifname' | 'oifname'; readonly set: string }
  | { readonly kind: 'tcp' }
  /** A TCP segment that begins a connection. */
  | { readonly kind: 'tcpSyn' }
  /** A TCP segment by which a further connection joins those of an MPTCP connection. */
  | { readonly kind: 'mptcpJoin' }
  | { readonly kind: 'udpBelow'; readonly port: number }
  | { readonly kind: 'udpPorts'; readonly source: number; readonly destination: number }
  | { readonly kind: 'icmp'; readonly type: 'echo-request' }
  /** One type, or one of several. */
  | { readonly kind: 'icmpv6'; readonly types: readonly NftIcmpv6Type[] }
  | { readonly kind: 'hopLimit'; readonly value: number }
  | { readonly kind: 'connection'; readonly state: 'new' | 'established' }
  | { readonly kind: 'direction'; readonly direction: 'original' | 'reply' }
  /** Whether an address is one of the machine's own. */
  | { readonly kind: 'ownAddress'; readonly field: NftAddressField; readonly own: boolean }
  /** All these bits are in the mark of the packet, or of its connection. */
  | { readonly kind: 'marked'; readonly of: 'meta' | 'ct'; readonly bits: number }
  | { readonly kind: 'markIn'; readonly mask: number; readonly set: string }
  | { readonly kind: 'user'; readonly uid: number }
  | { readonly kind: 'userIn'; readonly set: string }
  | {
      readonly kind: 'addressIn'
      readonly family: 4 | 6
      readonly field: NftAddressField
      readonly set: string
    }
  /** The remote end's address and port, and the own port, of a TCP connection: remote is `saddr` of what comes in. */
  | { readonly kind: 'tcpIn'; readonly family: 4 | 6; readonly remote: NftAddressField; readonly set: string }
  /** The destination's address, protocol and port. */
  | { readonly kind: 'serverIn'; readonly family: 4 | 6; readonly set: string }

export type NftIcmpv6Type =
  | 'echo-request'
  | 'nd-router-solicit'
  | 'nd-router-advert'
  | 'nd-neighbor-solicit'
  | 'nd-neighbor-advert'
  | 'nd-redirect'

export type NftAction =
  /** Sets these bits in the mark of the packet, or of its connection. */
  | { readonly kind: 'mark'; readonly of: 'meta' | 'ct'; readonly bits: number }
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'reject'; readonly with: 'tcp reset' | 'icmpx type admin-prohibited' }

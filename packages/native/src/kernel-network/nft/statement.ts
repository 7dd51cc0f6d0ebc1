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
  | { readonly kind: 'icmp'; readonly type: NftIcmpType }
  /** One type, or one of several. */
  | { readonly kind: 'icmpv6'; readonly types: readonly NftIcmpv6Type[] }
  /** An ICMPv6 message about a packet that could not be delivered, of a type that is known or not. */
  | { readonly kind: 'icmpv6Error' }
  /** An ICMP error that quotes a packet from this address. Of other ICMP messages it reads what stands in that place. */
  | { readonly kind: 'quotedSource'; readonly family: 4 | 6; readonly address: string }
  | { readonly kind: 'hopLimit'; readonly value: number }
  | { readonly kind: 'connection'; readonly state: 'new' | 'established' }
  | { readonly kind: 'direction'; readonly direction: 'original' | 'reply' }
  /** Whether an address is one of the machine's own. */
  | { readonly kind: 'ownAddress'; readonly field: NftAddressField; readonly own: boolean }
  /** The destination is one machine, and another one than this: what comes in is to be forwarded. */
  | { readonly kind: 'elsewhere' }
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

export type NftIcmpType =
  | 'destination-unreachable'
  | 'source-quench'
  | 'redirect'
  | 'echo-request'
  | 'time-exceeded'
  | 'parameter-problem'

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

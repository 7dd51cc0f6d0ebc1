/** What the guard keeps for one tunnel. Plain JSON; the nft text is made from it and from nothing else. */
export interface GuardTunnel {
  /** The nft table of family `inet`. */
  readonly table: string
  readonly slot: number
  readonly interfaceName: string
  /** The tunnel's addresses: the only sources that may enter it, and which appear nowhere else. */
  readonly own4: readonly string[]
  readonly own6: readonly string[]
  /** Destinations (`net/len`, disjoint) that leave through the tunnel or not at all. */
  readonly covered4: readonly string[]
  readonly covered6: readonly string[]
  /** Only packets of this user are concerned; absent: of everybody. */
  readonly uid?: number
  /** Uid that the mark must come with; absent: the mark alone counts. */
  readonly hostUid?: number
  readonly protectMark: number
  /** Packets of {@link hostUid} pass without the mark too. */
  readonly sparesHost?: boolean
  /** Where protected packets may go; absent: anywhere. */
  readonly endpoints?: readonly GuardEndpoint[]
  /** Only packets of some applications are concerned, or of all but these; absent: of all. */
  readonly members?: GuardMembers
}

/** A server of the VPN. */
export interface GuardEndpoint {
  readonly family: 4 | 6
  readonly address: string
  /** 1..65535 */
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
}

/** Applications as packets show them. */
export interface GuardMembers {
  readonly kind: 'included' | 'excluded'
  /** Identity bits of marks. */
  readonly marks: readonly number[]
  readonly uids: readonly number[]
  readonly identityMask: number
  /** Marks of this tunnel's members that are members of other tunnels too. */
  readonly overlays: readonly GuardOverlay[]
}

/** A mark that another tunnel's guard must know. */
export interface GuardOverlay {
  /** Of the other tunnel. */
  readonly slot: number
  readonly mark: number
}

/** A TCP connection that came from outside before the tunnel did, e.g. the administrator's ssh session. */
export interface InboundConnection {
  readonly family: 4 | 6
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
}

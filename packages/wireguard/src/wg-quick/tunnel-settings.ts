import type { Address, Prefix } from '@vpnext/ip'
import type { Endpoint } from '@vpnext/packet'
import type { SecretKey } from '../keys/secret-key.ts'
import type { PeerOptions } from '../peers/peer.ts'

/** Where a peer is said to be: a name is resolved later, and again when the peer does not answer. */
export interface EndpointSetting {
  /** An IPv4 or IPv6 address, the latter perhaps with a zone (`fe80::1%eth0`), or a name. */
  readonly host: string
  /** 1 to 65,535. */
  readonly port: number
}

/** An address of the interface. Unlike in a prefix, the bits behind `length` matter. */
export interface InterfaceAddress {
  readonly address: Address
  readonly length: number
}

/** The `[Interface]` of a wg-quick file, without its hooks. */
export interface InterfaceSettings {
  readonly privateKey: SecretKey
  /** UDP port, 0 to 65,535; absent or 0: any. */
  readonly listenPort?: number
  /** Mark on what we send, 32 bits; absent or 0: none. */
  readonly fwMark?: number
  readonly addresses: readonly InterfaceAddress[]
  readonly dnsServers: readonly Address[]
  readonly searchDomains: readonly string[]
  /** Bytes. */
  readonly mtu?: number
  /** Routing table: `auto`, `off`, a number or a name. */
  readonly table?: string
  readonly saveConfig?: boolean
}

/** A `[Peer]` of a wg-quick file. */
export interface PeerSettings {
  /** Base64. */
  readonly publicKey: string
  readonly presharedKey?: SecretKey
  readonly allowedIps: readonly Prefix[]
  readonly endpoint?: EndpointSetting
  /** Seconds, 0 to 65,535; absent or 0: off. */
  readonly persistentKeepalive?: number
}

export type HookName = 'PreUp' | 'PostUp' | 'PreDown' | 'PostDown'

/** A shell command of a wg-quick file. Nothing here runs it: whether it may run is for an administrator to say. */
export interface Hook {
  readonly name: HookName
  readonly command: string
  readonly line: number
}

/** Something in a file that is allowed, but hardly meant. */
export interface WgQuickWarning {
  readonly line: number
  readonly key: string
  readonly reason: string
}

/** All that a wg-quick file says. */
export interface WgQuickFile {
  readonly interface: InterfaceSettings
  readonly peers: readonly PeerSettings[]
  /** In the order of the file. */
  readonly hooks: readonly Hook[]
  readonly warnings: readonly WgQuickWarning[]
}

/** What a core wants to know about a peer. @param endpoint what `settings.endpoint` was resolved to */
export function toPeerOptions(settings: PeerSettings, endpoint: Endpoint | undefined): PeerOptions {
  const { allowedIps, persistentKeepalive, presharedKey, publicKey } = settings
  return {
    publicKey,
    allowedIps,
    ...(presharedKey !== undefined && { presharedKey: presharedKey.bytes }),
    ...(endpoint !== undefined && { endpoint }),
    ...(persistentKeepalive !== undefined && { persistentKeepalive }),
  }
}

import type { SecretKey } from '../src/index.ts'
import type { SideName, TwoNetworks } from './two-networks.ts'

/** How an end of a tunnel is set up, whoever runs it. */
export interface EndOptions {
  readonly networks: TwoNetworks
  readonly side: SideName
  readonly key: SecretKey
  readonly peerKey: string
  readonly presharedKey?: SecretKey
  /** Where the peer is; absent: it is waited for. */
  readonly endpoint?: { readonly host: string; readonly port: number }
  /** Seconds. */
  readonly keepalive?: number
  /** Bytes; default 1420. */
  readonly mtu?: number
}

/** What an end says about its peer. */
export interface EndStatus {
  readonly endpoint: string | undefined
  readonly rxBytes: number
  readonly txBytes: number
  /** Whether there was a handshake. */
  readonly shookHands: boolean
}

/** A running end. */
export interface TunnelEnd extends AsyncDisposable {
  status(): Promise<EndStatus>
}

/** The port on which every end listens. */
export const port = 51820

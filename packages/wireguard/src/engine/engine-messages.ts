import type { Prefix } from '@vpnext/ip'
import type { CoreStatus } from '../core/status.ts'
import type { Timings } from '../timers/timings.ts'
import type { WireGuardEvent } from './engine-event.ts'
import type { SharedSecret } from './shared-secret.ts'

/** Where a peer is, as plain data. */
export interface PlainEndpoint {
  /** An IP address without a zone. */
  readonly address: string
  readonly port: number
  /** Interface index of a link-local IPv6 address, otherwise 0. */
  readonly scope: number
}

/** Where a peer is that asked us, and at which of our addresses, as plain data. */
export interface PlainQuestion extends PlainEndpoint {
  readonly local: string
}

/** A peer's settings, as plain data. */
export interface PlainPeer {
  readonly publicKey: string
  readonly presharedKey?: SharedSecret
  readonly allowedIps: readonly Prefix[]
  readonly endpoint?: PlainEndpoint
  readonly persistentKeepalive?: number
}

/** What the engine's thread starts with. */
export interface EngineData {
  readonly privateKey: SharedSecret
  /** Bytes. */
  readonly mtu: number
  readonly timings: Partial<Timings>
  /** Family of each socket, in their order. */
  readonly families: readonly (4 | 6)[]
}

/** What the engine's thread is asked to do. */
export type EngineCall =
  | { readonly kind: 'setPeer'; readonly peer: PlainPeer }
  | { readonly kind: 'removePeer'; readonly publicKey: string }
  | { readonly kind: 'greet'; readonly publicKey: string }
  | { readonly kind: 'setEndpoint'; readonly publicKey: string; readonly endpoint: PlainEndpoint }
  | { readonly kind: 'answerFromAnywhere'; readonly publicKey: string; readonly asked: PlainQuestion }
  | { readonly kind: 'status' }

/** The same with a number that its answer bears too. */
export interface EngineRequest {
  readonly id: number
  readonly call: EngineCall
}

export type EngineAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'removed'; readonly found: boolean }
  | { readonly kind: 'status'; readonly status: CoreStatus }
  | { readonly kind: 'refused'; readonly field: string; readonly reason: string }

/** What the engine's thread tells. */
export type EngineReport =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: EngineAnswer }
  | { readonly kind: 'asked'; readonly publicKey: string; readonly asked: PlainQuestion }
  | { readonly kind: 'event'; readonly event: WireGuardEvent }

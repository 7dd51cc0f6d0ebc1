import type { TransportMemory } from '../session/keypair.ts'
import type { Timings } from '../timers/timings.ts'
import type { Environment } from './core-context.ts'

/** How a core is set up. */
export interface CoreOptions {
  /** Our private key, 32 bytes, copied into OpenSSL. */
  readonly privateKey: Uint8Array
  /** The tunnel's MTU, bytes: padding does not make a packet longer than it. Default 0: no limit. */
  readonly mtu?: number
  /** Where packets lie, and what seals and opens them. Default: a small arena and the fastest cipher there is. */
  readonly memory?: TransportMemory
  /** Randomness, wall clock and ephemeral keys. Default: the system's. */
  readonly environment?: Partial<Environment>
  /** Limits other than the paper's, for tests. */
  readonly timings?: Partial<Timings>
  /** Handshake messages in a second from which on cookies are asked for. Default 250. */
  readonly underLoadMessages?: number
}

/** Something in a core's or a peer's options is wrong. Nothing was changed. Never holds a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  /** Which option. */
  readonly field: string
  readonly reason: string

  constructor(field: string, reason: string, options?: ErrorOptions) {
    super(`${field}: ${reason}`, options)
    this.field = field
    this.reason = reason
  }
}

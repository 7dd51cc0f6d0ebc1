import type { CookieChecker } from '../cookie/cookie-checker.ts'
import type { KnownPlaces } from '../cookie/known-places.ts'
import type { LoadMonitor } from '../cookie/load-monitor.ts'
import type { RateLimiter } from '../cookie/rate-limiter.ts'
import type { X25519PrivateKey } from '../crypto/x25519.ts'
import type { LocalIdentity } from '../noise/identity.ts'
import type { TimestampSource } from '../noise/tai64n.ts'
import type { AllowedIps } from '../peers/allowed-ips.ts'
import type { Peer } from '../peers/peer.ts'
import type { PeerRegistry } from '../peers/peer-registry.ts'
import type { IndexTable } from '../session/index-table.ts'
import type { TransportMemory } from '../session/keypair.ts'
import type { Timings } from '../timers/timings.ts'
import type { Outbox } from './action.ts'
import type { DropCounters } from './drop-counters.ts'

/** Where the core gets what it cannot compute. */
export interface Environment {
  /** Fills an array with random bytes, fit for keys. */
  readonly random: (bytes: Uint8Array) => void
  /** The wall clock, ms since 1970; only for the timestamps of initiations. */
  readonly unixTime: () => number
  /** A new ephemeral key. */
  readonly ephemeral: () => X25519PrivateKey
}

/** The parts of a core, for the functions that work on it. */
export interface CoreContext {
  readonly local: LocalIdentity
  readonly environment: Environment
  readonly timings: Timings
  /** Of the tunnel, bytes: padding does not make a packet longer. 0 for no limit. */
  readonly mtu: number
  readonly memory: TransportMemory
  /** Where in the arena messages from elsewhere are opened, and where new ones are sealed: MAX_MESSAGE bytes each. */
  readonly openingRoom: number
  readonly sealingRoom: number
  readonly peers: PeerRegistry
  readonly allowedIps: AllowedIps<Peer>
  readonly indexes: IndexTable<Peer>
  readonly timestamps: TimestampSource
  readonly checker: CookieChecker
  readonly limiter: RateLimiter
  readonly load: LoadMonitor
  readonly knownPlaces: KnownPlaces
  readonly drops: DropCounters
  readonly outbox: Outbox
}

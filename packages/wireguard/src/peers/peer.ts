import type { Prefix } from '@vpnext/ip'
import { TIMESTAMP_LENGTH } from '../constants.ts'
import { CookieGenerator } from '../cookie/cookie-generator.ts'
import { encodeKey } from '../keys/key-text.ts'
import type { HandshakeState } from '../noise/handshake-state.ts'
import { type RemoteIdentity, wipeIdentity } from '../noise/identity.ts'
import { forgetInitiation } from '../noise/initiator.ts'
import type { IndexTable } from '../session/index-table.ts'
import type { Keypair } from '../session/keypair.ts'
import { Keypairs } from '../session/keypairs.ts'
import { RetiredKeypairs } from '../session/retired-keypairs.ts'
import { PeerTimers, Timer } from '../timers/peer-timers.ts'
import type { TimerQueue } from '../timers/timer-queue.ts'
import type { Timings } from '../timers/timings.ts'
import type { Endpoint } from '@vpnext/packet'
import { StagedPackets } from './staged-packets.ts'

const never = Number.NEGATIVE_INFINITY

/** What a peer shares with all others of its core. */
export interface PeerSurroundings {
  readonly indexes: IndexTable<Peer>
  readonly timerQueue: TimerQueue<PeerTimers<Peer>>
  readonly timings: Timings
  /** Gives a random part of `timings.rekeyJitter`, ms. */
  readonly jitter: () => number
}

/** What the core knows about one peer. Its secrets are in private fields, so that no log shows them. */
export class Peer {
  /** The public key in base64: the peer's name. */
  readonly publicKey: string
  readonly timers: PeerTimers<Peer>
  readonly keypairs: Keypairs<Peer>
  readonly cookies: CookieGenerator
  /** Packets that wait for a session. */
  readonly staged: StagedPackets = new StagedPackets()
  /** Where the peer was heard of last, or is configured to be. */
  endpoint: Endpoint | undefined
  /** The newest timestamp of an initiation from the peer (section 5.1). */
  newestTimestamp: Uint8Array = new Uint8Array(TIMESTAMP_LENGTH)
  /** When things happened last, ms. */
  initiationConsumedAt: number = never
  handshakeSentAt: number = never
  handshakeCompletedAt: number = never
  /** Since when a handshake is being tried, ms (section 6.4). */
  attemptStartedAt: number = never
  /** When the first initiation since the last session was sent, ms; minus infinity when none was. */
  unansweredSince: number = never
  /** Initiations sent in this attempt. */
  attempts = 0
  /** From our last initiation to its response, ms. */
  handshakeRoundTrip: number | undefined
  /** Whether receiving made us renew the current session already (section 6.2: once is enough). */
  renewal: 'none' | 'asked' = 'none'
  readonly #indexes: IndexTable<Peer>
  readonly #retired: RetiredKeypairs<Peer>
  readonly #timings: Timings
  /**
   * Bytes received and sent. Not fields of their own: one that outgrows 31 bits, after seconds of full speed, gives the object
   * another shape, and V8 throws away all code that knew the old one.
   */
  readonly #traffic = new Float64Array(2)
  #identity: RemoteIdentity
  #handshake: HandshakeState = { kind: 'idle' }

  constructor(identity: RemoteIdentity, surroundings: PeerSurroundings) {
    const { indexes, timerQueue, timings, jitter } = surroundings
    this.publicKey = encodeKey(identity.publicKey.bytes)
    this.timers = new PeerTimers<Peer>(this, timerQueue, timings, jitter)
    this.cookies = new CookieGenerator(identity.publicKey.bytes)
    this.#identity = identity
    this.#indexes = indexes
    this.#timings = timings
    const discard = (keypair: Keypair<Peer>): void => {
      indexes.removeSession(keypair)
      keypair[Symbol.dispose]()
    }
    this.#retired = new RetiredKeypairs(discard)
    this.keypairs = new Keypairs((keypair, now) => this.#retire(keypair, now), discard)
  }

  /** Bytes of datagrams from the peer that were authentic. */
  get rxBytes(): number {
    return this.#traffic[0]!
  }

  /** Bytes of datagrams to the peer. */
  get txBytes(): number {
    return this.#traffic[1]!
  }

  countReceived(bytes: number): void {
    this.#traffic[0]! += bytes
  }

  countSent(bytes: number): void {
    this.#traffic[1]! += bytes
  }

  /** Both ends have a new session. */
  noteSession(now: number): void {
    this.handshakeCompletedAt = now
    this.unansweredSince = never
  }

  get identity(): RemoteIdentity {
    return this.#identity
  }

  /** Another preshared key, for handshakes from now on. */
  set identity(identity: RemoteIdentity) {
    wipeIdentity(this.#identity)
    this.#identity = identity
  }

  get handshake(): HandshakeState {
    return this.#handshake
  }

  /** Goes to another state; an initiation that is given up is forgotten and its index freed. */
  set handshake(state: HandshakeState) {
    if (this.#handshake.kind === 'initiationSent') {
      this.#indexes.removeHandshake(this.#handshake.sender)
      forgetInitiation(this.#handshake)
    }
    this.#handshake = state
    if (state.kind === 'initiationSent') this.#indexes.addHandshake(state.sender, this)
  }

  /** Wipes the keys of those replaced sessions of which nothing can be on its way any more. */
  expireRetired(now: number): void {
    this.#retired.expire(now)
    this.timers.arm(Timer.retiredSessions, this.#retired.nextAt)
  }

  /** Wipes all keys of sessions and handshakes, and drops what waits for them (section 6.3). */
  forgetSessions(): void {
    this.keypairs.clear()
    this.#retired.clear()
    this.handshake = { kind: 'idle' }
    this.staged.clear()
  }

  /** The peer in a log: who and where. */
  toJSON(): { publicKey: string; endpoint: string | undefined } {
    return { publicKey: this.publicKey, endpoint: this.endpoint?.toString() }
  }

  /** Ends the peer's life. */
  retire(): void {
    this.timers.cancelAll()
    this.forgetSessions()
    wipeIdentity(this.#identity)
  }

  #retire(keypair: Keypair<Peer>, now: number): void {
    const { rejectAfterTime, retiredSessionTime } = this.#timings
    this.#retired.add(keypair, Math.min(now + retiredSessionTime, keypair.createdAt + rejectAfterTime))
    this.timers.arm(Timer.retiredSessions, this.#retired.nextAt)
  }
}

/** How a peer is set up. */
export interface PeerOptions {
  /** Base64, 44 characters. */
  readonly publicKey: string
  /** 32 bytes, copied. */
  readonly presharedKey?: Uint8Array
  /** Inner addresses that belong to the peer: it may send from them, and is sent what goes to them. */
  readonly allowedIps: readonly Prefix[]
  readonly endpoint?: Endpoint
  /** Seconds, 1 to 65,535; absent or 0 for none. */
  readonly persistentKeepalive?: number
}

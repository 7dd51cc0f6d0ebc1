import { KEY_LENGTH, MAX_MESSAGE } from '../constants.ts'
import { CookieChecker } from '../cookie/cookie-checker.ts'
import { KnownPlaces } from '../cookie/known-places.ts'
import { LoadMonitor } from '../cookie/load-monitor.ts'
import { RateLimiter } from '../cookie/rate-limiter.ts'
import { X25519PrivateKey } from '../crypto/x25519.ts'
import { encodeKey } from '../keys/key-text.ts'
import { MessageType, messageType } from '../messages/message-layout.ts'
import { TimestampSource } from '../noise/tai64n.ts'
import { AllowedIps } from '../peers/allowed-ips.ts'
import { type AeadBackend, Arena, chooseAead, type Endpoint } from '@vpnext/packet'
import type { Peer, PeerOptions, PeerSurroundings } from '../peers/peer.ts'
import { PeerRegistry } from '../peers/peer-registry.ts'
import { IndexTable } from '../session/index-table.ts'
import type { TransportMemory } from '../session/keypair.ts'
import { type PeerTimers, Timer } from '../timers/peer-timers.ts'
import { TimerQueue } from '../timers/timer-queue.ts'
import { defaultTimings } from '../timers/timings.ts'
import { type CoreAction, Outbox } from './action.ts'
import type { CoreContext } from './core-context.ts'
import { type CoreOptions, SettingsError } from './core-options.ts'
import { DropCounters } from './drop-counters.ts'
import { randomWords, systemEnvironment } from './environment.ts'
import { expireTimer } from './expire-timer.ts'
import { PacketSteps } from './packet-steps.ts'
import { armPersistentKeepalive, setPeer } from './peer-setup.ts'
import { receiveCookieReply, receiveHandshake } from './receive-handshake.ts'
import { receiveTransport } from './receive-transport.ts'
import { initiate } from './send-handshake.ts'
import { sendPacket } from './send-transport.ts'
import { coreStatus, type CoreStatus } from './status.ts'

/**
 * One WireGuard interface without sockets, devices or clocks: datagrams and packets go in, actions come out.
 *
 * Every `now` is in ms on one clock that never goes back and counts while the machine sleeps (CLOCK_BOOTTIME), for keys
 * age in a sleeping machine too. Disposing wipes all keys.
 */
export class WireGuardCore implements Disposable {
  /** The single steps of the packet path, for an engine that works without an object per packet. */
  readonly steps: PacketSteps
  readonly #context: CoreContext
  readonly #queue = new TimerQueue<PeerTimers<Peer>>()
  readonly #surroundings: PeerSurroundings
  readonly #ownAead: AeadBackend | undefined

  /** @throws SettingsError naming the option */
  constructor(options: CoreOptions) {
    if (options.privateKey.length !== KEY_LENGTH) {
      throw new SettingsError('privateKey', `${options.privateKey.length} bytes, not ${KEY_LENGTH}`)
    }
    const environment = { ...systemEnvironment, ...options.environment }
    const timings = { ...defaultTimings, ...options.timings }
    const privateKey = X25519PrivateKey.fromBytes(options.privateKey)
    const randomWord = randomWords(environment)
    const indexes = new IndexTable<Peer>(randomWord)
    const jitter = (): number => (randomWord() / 2 ** 32) * timings.rekeyJitter
    const memory = options.memory ?? smallMemory()
    if (options.memory === undefined) this.#ownAead = memory.aead
    const peers = new PeerRegistry()
    this.#surroundings = { indexes, timerQueue: this.#queue, timings, jitter }
    this.#context = {
      local: { privateKey },
      environment,
      timings,
      mtu: options.mtu ?? 0,
      memory,
      openingRoom: memory.arena.allocate(MAX_MESSAGE),
      sealingRoom: memory.arena.allocate(MAX_MESSAGE),
      peers,
      allowedIps: new AllowedIps(),
      indexes,
      timestamps: new TimestampSource(),
      checker: new CookieChecker(privateKey.publicKey.bytes, environment.random),
      limiter: new RateLimiter(),
      load: new LoadMonitor(options.underLoadMessages),
      knownPlaces: new KnownPlaces(peers),
      drops: new DropCounters(),
      outbox: new Outbox(),
    }
    this.steps = new PacketSteps(this.#context)
  }

  /** Our public key in base64. */
  get publicKey(): string {
    return encodeKey(this.#context.local.privateKey.publicKey.bytes)
  }

  /** When {@link advance} has to be called next, ms; infinity when nothing is to be waited for. */
  get nextDeadline(): number {
    return this.#queue.nextAt
  }

  /**
   * Adds a peer, or gives an existing one new settings in place of all its earlier ones; only its endpoint stays when
   * none is given. A peer with a persistent keepalive is spoken to at the next {@link advance}.
   *
   * @throws SettingsError naming the option, having changed nothing
   */
  setPeer(options: PeerOptions, now: number): Peer {
    return setPeer(this.#context, this.#surroundings, options, now)
  }

  /** Wipes and forgets a peer. @param publicKey base64 @returns false when there is none with this key */
  removePeer(publicKey: string): boolean {
    const peer = this.#context.peers.remove(publicKey)
    if (peer === undefined) return false
    this.#context.allowedIps.removeOwner(peer)
    peer.retire()
    return true
  }

  /** @param publicKey base64 */
  peer(publicKey: string): Peer | undefined {
    return this.#context.peers.get(publicKey)
  }

  /**
   * Where a peer is, say because its name was resolved again. One that is being asked elsewhere is asked there at once (what is
   * to be done comes with the next actions): REKEY_TIMEOUT spares those who were asked already.
   */
  setEndpoint(peer: Peer, endpoint: Endpoint, now: number): void {
    const moved = peer.endpoint?.equals(endpoint) !== true
    peer.endpoint = endpoint
    if (!peer.timers.isArmed(Timer.retransmitHandshake)) {
      armPersistentKeepalive(peer, now)
    } else if (moved) {
      peer.handshakeSentAt = Number.NEGATIVE_INFINITY
      initiate(this.#context, peer, 'retry', now)
    }
  }

  /**
   * Leaves the choice of our address to the machine, when the peer is still at `endpoint` and answered from the address that it
   * asked.
   */
  answerFromAnywhere(peer: Peer, endpoint: Endpoint): void {
    if (peer.endpoint?.isReachedAs(endpoint) === true) peer.endpoint = endpoint.fromAnywhere()
  }

  /** Starts a handshake although there is nothing to send. */
  connect(peer: Peer, now: number): readonly CoreAction[] {
    initiate(this.#context, peer, 'demand', now)
    return this.#context.outbox.take()
  }

  /**
   * Takes a datagram from the network.
   *
   * @param bytes not kept, not changed
   * @param length of the datagram at `offset`, bytes
   * @param source where it came from; kept by a peer whose it is
   */
  consumeDatagram(
    bytes: Uint8Array,
    offset: number,
    length: number,
    source: Endpoint,
    now: number,
  ): readonly CoreAction[] {
    const context = this.#context
    const type = messageType(bytes, offset, length)
    switch (type) {
      case MessageType.transport:
        receiveTransport(context, bytes, offset, length, source, now)
        break
      case MessageType.initiation:
      case MessageType.response:
        receiveHandshake(context, type, bytes, offset, source, now)
        break
      case MessageType.cookieReply:
        receiveCookieReply(context, bytes, offset, now)
        break
      case 0:
        context.drops.count('notWireGuard')
        break
    }
    return context.outbox.take()
  }

  /**
   * Takes an IP packet from the kernel, for whichever peer it belongs to.
   *
   * @param bytes not kept, not changed
   * @param length bytes at `offset`
   */
  consumePacket(bytes: Uint8Array, offset: number, length: number, now: number): readonly CoreAction[] {
    sendPacket(this.#context, bytes, offset, length, now)
    return this.#context.outbox.take()
  }

  /** Does what time demands: everything that was due up to `now`. */
  advance(now: number): readonly CoreAction[] {
    for (let timers = this.#queue.take(now); timers !== undefined; timers = this.#queue.take(now)) {
      for (const timer of timers.takeDue(now)) expireTimer(this.#context, timers.owner, timer, now)
      timers.reschedule()
    }
    return this.#context.outbox.take()
  }

  /** Asks for cookies for the next second: for whoever sees that datagrams come faster than they are taken. */
  reportLoad(now: number): void {
    this.#context.load.force(now)
  }

  /** @param now ms */
  status(now: number): CoreStatus {
    return coreStatus(this.#context, this.#queue.size, now)
  }

  [Symbol.dispose](): void {
    for (const peer of this.#context.peers) this.removePeer(peer.publicKey)
    this.#context.checker[Symbol.dispose]()
    this.#ownAead?.[Symbol.dispose]()
  }
}

/** Room for what the core itself needs. */
function smallMemory(): TransportMemory {
  const arena = Arena.create(3 * 65_536)
  return { arena, aead: chooseAead(arena) }
}

/** A WireGuard interface: see {@link WireGuardCore}. @throws SettingsError naming the option */
export function createWireGuardCore(options: CoreOptions): WireGuardCore {
  return new WireGuardCore(options)
}

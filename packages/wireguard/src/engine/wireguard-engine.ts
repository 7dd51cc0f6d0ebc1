import type { Pump, PumpCounters, TunOffload, UdpAbilities, UdpPair } from '@vpnext/packet'
import type { CoreStatus } from '../core/status.ts'
import type { PeerSettings } from '../wg-quick/tunnel-settings.ts'
import type { EndpointNames } from './endpoint-names.ts'
import type { EngineLink } from './engine-link.ts'
import { plainPeer, withZoneName } from './plain-settings.ts'
import { wipeShared } from './shared-secret.ts'

/** What there is to know about a running engine. Plain JSON, without secrets. */
export interface WireGuardStatus extends CoreStatus {
  /** The UDP port of both families. */
  readonly listenPort: number
  readonly families: readonly (4 | 6)[]
  /** What the TUN device and the sockets were found to be able to do. */
  readonly offload: { readonly tun: TunOffload; readonly udp: UdpAbilities }
  /** What went through the TUN device and the sockets. */
  readonly traffic: PumpCounters
}

/** Of a call to the engine. */
export interface EngineCallOptions {
  /** Ends the wait for the answer, with its reason; the engine does what it was asked all the same. */
  readonly signal?: AbortSignal | undefined
}

/** A running WireGuard. Disposing it closes it. */
export interface WireGuardEngine extends AsyncDisposable {
  /** Resolves after {@link close}; rejects with what went wrong, e.g. `code` EBADFD when the tunnel was destroyed. */
  readonly ended: Promise<void>
  /** @throws what {@link ended} rejects with */
  status(options?: EngineCallOptions): Promise<WireGuardStatus>
  /**
   * Adds a peer, or gives an existing one these settings in place of its earlier ones; sessions stay, and so does the
   * endpoint when none is given.
   *
   * @throws SettingsError naming the option, having changed nothing
   */
  setPeer(peer: PeerSettings, options?: EngineCallOptions): Promise<void>
  /**
   * Speaks to a peer although there is nothing to send, so that it soon shows whether it answers. Nothing when it is not known
   * where the peer is.
   *
   * @param publicKey base64
   */
  greet(publicKey: string, options?: EngineCallOptions): Promise<void>
  /** @param publicKey base64 @returns false when there is none with this key */
  removePeer(publicKey: string, options?: EngineCallOptions): Promise<boolean>
  /** Ends the thread, which wipes all keys, and closes the sockets. Again: nothing. Never rejects. */
  close(): Promise<void>
}

export interface EngineParts {
  readonly pump: Pump
  readonly link: EngineLink
  readonly names: EndpointNames
  readonly sockets: UdpPair
}

/** The engine as the main thread sees it. */
export class RunningEngine implements WireGuardEngine {
  readonly ended: Promise<void>
  readonly #parts: EngineParts

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.ended = parts.pump.finished.finally(() => parts.names[Symbol.dispose]())
    // Not everybody watches it, and status() tells too.
    this.ended.catch(() => {})
  }

  async status({ signal }: EngineCallOptions = {}): Promise<WireGuardStatus> {
    const { link, pump, sockets } = this.#parts
    const answer = await link.ask({ kind: 'status' }, signal)
    if (answer.kind !== 'status') throw new Error(`engine: ${answer.kind} instead of a status`)
    return {
      ...answer.status,
      peers: answer.status.peers.map((peer) => ({
        ...peer,
        ...(peer.endpoint !== undefined && { endpoint: withZoneName(peer.endpoint) }),
      })),
      listenPort: sockets.port,
      families: familiesOf(sockets),
      offload: { tun: pump.tunOffload, udp: pump.udpAbilities },
      traffic: pump.counters(),
    }
  }

  async setPeer(settings: PeerSettings, { signal }: EngineCallOptions = {}): Promise<void> {
    const { link, names } = this.#parts
    signal?.throwIfAborted()
    const peer = plainPeer(settings)
    try {
      // To its end: the preshared key must not be wiped before the thread has taken it.
      await link.ask({ kind: 'setPeer', peer })
    } finally {
      if (peer.presharedKey !== undefined) wipeShared(peer.presharedKey)
    }
    const { endpoint, publicKey } = settings
    if (endpoint !== undefined) await names.add(publicKey, endpoint, signal)
  }

  async greet(publicKey: string, { signal }: EngineCallOptions = {}): Promise<void> {
    await this.#parts.link.ask({ kind: 'greet', publicKey }, signal)
  }

  async removePeer(publicKey: string, { signal }: EngineCallOptions = {}): Promise<boolean> {
    this.#parts.names.remove(publicKey)
    const answer = await this.#parts.link.ask({ kind: 'removePeer', publicKey }, signal)
    return answer.kind === 'removed' && answer.found
  }

  async close(): Promise<void> {
    await this.#parts.pump.stop().catch(() => {})
    await this.ended.catch(() => {})
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Families of which there is a socket, in the order of the sockets. */
export function familiesOf({ v6 }: UdpPair): (4 | 6)[] {
  return v6 === undefined ? [4] : [4, 6]
}

import { join } from 'node:path'
import { type Fd, openTun } from '@vpnext/native'
import { bundleWorker, type WorkerBundle } from '../../packet/test/bundle-worker.ts'
import {
  openWireGuard,
  type PeerSettings,
  type WireGuardEngine,
  type WireGuardEvent,
  type WireGuardOptions,
} from '../src/index.ts'
import { type EndOptions, type EndStatus, port, type TunnelEnd } from './tunnel-end.ts'
import { inside } from './two-networks.ts'
import { prefix } from './two-cores.ts'

/** The engine's worker program, made from the sources under test. */
export function bundleEngine(): WorkerBundle {
  return bundleWorker(join(import.meta.dirname, '../src/engine/engine-worker.ts'))
}

export interface OurEndOptions
  extends
    EndOptions,
    Pick<WireGuardOptions, 'offload' | 'resolve' | 'signal' | 'timings' | 'translate'>,
    Partial<Pick<WireGuardOptions, 'protect'>> {
  readonly worker: WorkerBundle
  /** Whether the device has virtio-net headers. Default true. */
  readonly vnetHeader?: boolean
}

/** Our engine as an end of a tunnel. */
export class OurEnd implements TunnelEnd {
  readonly engine: WireGuardEngine
  readonly tun: Fd
  readonly events: WireGuardEvent[]

  private constructor(engine: WireGuardEngine, tun: Fd, events: WireGuardEvent[]) {
    this.engine = engine
    this.tun = tun
    this.events = events
  }

  static async start(options: OurEndOptions): Promise<OurEnd> {
    const { mtu = 1420, networks, side, worker } = options
    const tun = networks[side].run(() => openTun({ name: 'wg0', vnetHeader: options.vnetHeader ?? true })).fd
    try {
      networks.setUpTunnel(side, 'wg0', mtu)
      const events: WireGuardEvent[] = []
      const { offload, resolve, signal, timings, translate } = options
      const [opening] = networks[side].run(() => [
        openWireGuard({
          settings: {
            interface: {
              privateKey: options.key,
              listenPort: port,
              mtu,
              addresses: [],
              dnsServers: [],
              searchDomains: [],
            },
            peers: [peerSettings(options)],
          },
          tunFd: tun.number,
          protect: options.protect ?? (async () => {}),
          workerModule: worker.url,
          onEvent: (event) => events.push(event),
          ...(offload !== undefined && { offload }),
          ...(resolve !== undefined && { resolve }),
          ...(translate !== undefined && { translate }),
          ...(signal !== undefined && { signal }),
          ...(timings !== undefined && { timings }),
        }),
      ])
      if (opening === undefined) throw new Error('not opened')
      return new OurEnd(await opening, tun, events)
    } catch (error) {
      tun.close()
      throw error
    }
  }

  async status(): Promise<EndStatus> {
    const [peer] = (await this.engine.status()).peers
    if (peer === undefined) throw new Error('no peer')
    const { endpoint, handshakeAge, rxBytes, txBytes } = peer
    return { endpoint, rxBytes, txBytes, shookHands: handshakeAge !== undefined }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close()
    this.tun.close()
  }
}

export function peerSettings(options: EndOptions): PeerSettings {
  const { endpoint, keepalive, presharedKey, side } = options
  const far = side === 'left' ? 'right' : 'left'
  return {
    publicKey: options.peerKey,
    allowedIps: [prefix(`${inside(far, 4)}/32`), prefix(`${inside(far, 6)}/128`)],
    ...(presharedKey !== undefined && { presharedKey }),
    ...(endpoint !== undefined && { endpoint }),
    ...(keepalive !== undefined && { persistentKeepalive: keepalive }),
  }
}

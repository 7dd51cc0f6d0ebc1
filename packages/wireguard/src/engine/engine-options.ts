import type { WantedOffload, WantedUdpOffload } from '@vpnext/packet'
import type { Timings } from '../timers/timings.ts'
import type { WgQuickFile } from '../wg-quick/tunnel-settings.ts'
import type { WireGuardEvent } from './engine-event.ts'

/** What a tunnel is: what `parseWgQuick` gives, less what is not the engine's business. */
export type TunnelSettings = Pick<WgQuickFile, 'interface' | 'peers'>

/** Which offloads to use where there are any. Default: all. */
export interface EngineOffload {
  /** Of the TUN device: long packets both ways. Only for a device made with virtio-net headers. */
  readonly tun?: WantedOffload
  /** Whether the kernel may cut datagrams (UDP_SEGMENT). */
  readonly segmentation?: WantedUdpOffload['segmentation']
  /** Whether the kernel may join datagrams (UDP_GRO). */
  readonly receiveOffload?: WantedUdpOffload['receiveOffload']
}

export interface WireGuardOptions {
  /** Keys, port, MTU (default 1420) and peers. Addresses, DNS, table and mark are for whoever makes the tunnel. */
  readonly settings: TunnelSettings
  /** What `VpnConnection.create()` returned; duplicated. Nobody else may read it. */
  readonly tunFd: number
  /**
   * Called for each UDP socket, IPv4 and IPv6, before it is used: `(fd) => connection.protect(fd)`; and for two more, which only
   * look for routes.
   */
  readonly protect: (fd: number) => Promise<void>
  /** Addresses of an endpoint's name, IPv4 and IPv6, found outside the tunnel. Needed only for names. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
  /**
   * Addresses of IPv6 by which one of IPv4 is reached in a network of IPv6 alone: asked where no route leads to an endpoint of IPv4, e.g.
   * `async (ipv4) => nat64Addresses(await resolve('ipv4only.arpa'), ipv4)`. Default: such an endpoint is not reached.
   */
  readonly translate?: (ipv4: string) => Promise<readonly string[]>
  /** The program of the engine's thread, when this package was bundled: `engine-worker.js`, bundled by itself. */
  readonly workerModule?: URL | string
  /** Called with what happens to peers. */
  readonly onEvent?: (event: WireGuardEvent) => void
  readonly offload?: EngineOffload
  /** Limits other than the paper's, for tests. */
  readonly timings?: Partial<Timings>
  /** Aborting closes the engine. */
  readonly signal?: AbortSignal
}

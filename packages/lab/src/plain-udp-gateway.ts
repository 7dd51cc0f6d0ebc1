import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram'

import { isSystemError, openTun, readFd, watchFd, writeFd } from '@vpnext/native'
import type { Fd, FdWatch } from '@vpnext/native'

import { closeUdp, udpSocketInside } from './inside-socket.ts'
import { summarizeIp } from './ip-packet.ts'
import type { Namespace } from './namespace.ts'

/** Packets of one kind, in one direction. Bytes are those of the IP packets. */
export interface TrafficCount {
  packets: number
  bytes: number
}

/** What went through a gateway. */
export interface GatewayCounters {
  readonly fromClients: { readonly v4: TrafficCount; readonly v6: TrafficCount }
  readonly toClients: { readonly v4: TrafficCount; readonly v6: TrafficCount }
  /** Datagrams that were no IP packet, packets for nobody, and what the kernel refused. */
  dropped: number
}

/** Packets taken from the TUN device in one go, so that the event loop stays fair. */
const batch = 256
const maxPacketBytes = 65535

/**
 * The server of the simplest VPN: one IP packet in one UDP datagram, without any protection. It learns from each datagram
 * who has which address inside, so it serves any number of clients.
 */
export class PlainUdpGateway implements AsyncDisposable {
  readonly counters: GatewayCounters = {
    fromClients: { v4: { packets: 0, bytes: 0 }, v6: { packets: 0, bytes: 0 } },
    toClients: { v4: { packets: 0, bytes: 0 }, v6: { packets: 0, bytes: 0 } },
    dropped: 0,
  }
  readonly #tun: Fd
  readonly #watch: FdWatch
  readonly #udp: UdpSocket
  /** Address inside → where its datagrams come from. */
  readonly #clients = new Map<string, { readonly address: string; readonly port: number }>()
  readonly #buffer = Buffer.alloc(maxPacketBytes)

  /**
   * @param options.address of the host, for the datagrams
   * @param options.tunName of the device to make; the caller gives it addresses and sets it up
   */
  constructor(
    host: Namespace,
    options: { readonly address: string; readonly port: number; readonly tunName: string },
  ) {
    this.#tun = host.run(() => openTun({ name: options.tunName })).fd
    try {
      this.#udp = udpSocketInside(host, options.address, options.port)
    } catch (error) {
      this.#tun.close()
      throw error
    }
    this.#udp.on('message', (packet, peer) => this.#fromClient(packet, peer))
    this.#watch = watchFd(this.#tun, { readable: true }, () => this.#readTun())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]()
    this.#tun.close()
    await closeUdp(this.#udp)
  }

  #fromClient(packet: Uint8Array, peer: RemoteInfo): void {
    const { family, source } = summarizeIp(packet)
    if (family === 'other') {
      this.counters.dropped++
      return
    }
    this.#clients.set(source, { address: peer.address, port: peer.port })
    try {
      writeFd(this.#tun, packet)
      add(this.counters.fromClients[`v${family}`], packet.length)
    } catch (error) {
      if (!isSystemError(error)) throw error
      this.counters.dropped++
    }
  }

  #readTun(): void {
    for (let count = 0; count < batch; count++) {
      const length = readFd(this.#tun, this.#buffer)
      if (length === 'again') return
      const packet = this.#buffer.subarray(0, length)
      const { family, destination } = summarizeIp(packet)
      const client = this.#clients.get(destination)
      if (client === undefined || family === 'other') {
        this.counters.dropped++
        continue
      }
      const counter = this.counters.toClients[`v${family}`]
      // A copy: node may keep it until the socket has room.
      this.#udp.send(Buffer.from(packet), client.port, client.address, (error) => {
        if (error === null) add(counter, length)
        else this.counters.dropped++
      })
    }
  }
}

function add(counter: TrafficCount, bytes: number): void {
  counter.packets++
  counter.bytes += bytes
}

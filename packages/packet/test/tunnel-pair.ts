import { connectInet, Fd, inetSocket } from '@vpnext/native'
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'

import { Endpoint, openUdp, UdpSocket } from '../src/index.ts'
import { TunNetwork } from './tun-network.ts'

export interface TunnelPairOptions {
  readonly vnetHeader: boolean
  readonly mtu: number
  /** 100 Mbit/s between the sockets, and a small send buffer in front of it. */
  readonly slowUplink?: boolean
}

/** Two hosts, 10.9.0.1 and 10.9.0.2 (fd09::1, fd09::2), each with a TUN device, and two UDP sockets that know each other. */
export class TunnelPair implements Disposable {
  readonly hosts: readonly [TunNetwork, TunNetwork] = [new TunNetwork(), new TunNetwork()]
  readonly tuns: readonly [Fd, Fd]
  readonly sockets: readonly [Fd, Fd]
  readonly #uplink = new TunNetwork()

  constructor(options: TunnelPairOptions) {
    const tun = (host: 0 | 1): Fd =>
      this.hosts[host].addTun({
        name: 'tun0',
        vnetHeader: options.vnetHeader,
        mtu: options.mtu,
        addresses: [`10.9.0.${host + 1}/24`, `fd09::${host + 1}/64`],
      })
    this.tuns = [tun(0), tun(1)]
    if (options.slowUplink === true) {
      // Far slower than the pumps are on a machine that is busy with other things.
      const shaper = 'qdisc add dev lo root tbf rate 50mbit burst 100kb limit 20mb'
      this.#uplink.run(() => execFileSync('tc', shaper.split(' ')))
    }
    const socket = (): Fd =>
      this.#uplink.run(() =>
        openUdp({
          address: '127.0.0.1',
          ...(options.slowUplink === true ? { sendBufferBytes: 60_000 } : {}),
        }),
      )
    this.sockets = [socket(), socket()]
    const [first, second] = this.sockets.map((fd) => UdpSocket.open({ fd }))
    if (first === undefined || second === undefined) throw new Error('no sockets')
    first.connect(Endpoint.from('127.0.0.1', second.port))
    second.connect(Endpoint.from('127.0.0.1', first.port))
    first.close()
    second.close()
  }

  /** Sends `length` random bytes from the first host to the second by TCP and back. @returns whether they came back equal */
  async echoes(family: 4 | 6, length: number): Promise<boolean> {
    const server = createServer((connection) => connection.pipe(connection))
    // Without a host name, node makes the socket before listen() returns: inside the namespace.
    this.hosts[1].run(() => server.listen(0))
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const fd = this.hosts[0].run(() => inetSocket(family, 'stream'))
    // Blocks this thread; the pumps have their own.
    connectInet(fd, family === 4 ? '10.9.0.2' : 'fd09::2', address.port)
    const socket = new Socket({ fd: fd.release() })
    const [sent, received] = [createHash('sha256'), createHash('sha256')]
    let back = 0
    socket.on('data', (bytes) => {
      received.update(bytes)
      back += bytes.length
      if (back === length) socket.end()
    })
    for (let at = 0; at < length;) {
      // Odd sizes, so that packets end everywhere.
      const bytes = randomBytes(Math.min(70_001, length - at))
      sent.update(bytes)
      at += bytes.length
      if (!socket.write(bytes)) await once(socket, 'drain')
    }
    await once(socket, 'close')
    server.close()
    return sent.digest('hex') === received.digest('hex')
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets) socket.close()
    for (const network of [...this.hosts, this.#uplink]) network[Symbol.dispose]()
  }
}

import type { Socket as UdpSocket } from 'node:dgram'
import type { Socket } from 'node:net'

import type { AddressPair } from './addresses.ts'
import { closeUdp, sendDatagram, tcpServerInside, udpSocketPairInside } from './inside-socket.ts'
import type { Namespace } from './namespace.ts'

/**
 * Tells everybody the address they appear with: `10.77.2.2 40312\n`, at once on a TCP connection, which it echoes
 * afterwards, and in answer to any UDP datagram.
 */
export class EchoServer implements AsyncDisposable {
  readonly #tcp: AsyncDisposable
  readonly #udp: readonly UdpSocket[]

  private constructor(tcp: AsyncDisposable, udp: readonly UdpSocket[]) {
    this.#tcp = tcp
    this.#udp = udp
  }

  /**
   * @param own addresses of the host for UDP; TCP listens on all
   * @throws SystemError or a node error such as EADDRINUSE
   */
  static async open(host: Namespace, own: AddressPair, port: number): Promise<EchoServer> {
    const udp = udpSocketPairInside(host, own, port)
    for (const socket of udp) {
      socket.on('message', (_message, peer) => {
        sendDatagram(socket, line(peer.address, peer.port), peer.port, peer.address)
      })
    }
    try {
      return new EchoServer(await tcpServerInside(host, port, answerTcp), udp)
    } catch (error) {
      await Promise.all(udp.map(closeUdp))
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#tcp[Symbol.asyncDispose](), ...this.#udp.map(closeUdp)])
  }
}

function answerTcp(connection: Socket): void {
  // A client that is gone before it is answered is no news.
  connection.on('error', () => connection.destroy())
  connection.write(line(connection.remoteAddress ?? '', connection.remotePort ?? 0))
  connection.pipe(connection)
}

/** IPv4 clients of a socket for both families appear as `::ffff:192.0.2.1`. */
function line(address: string, port: number): string {
  return `${address.replace(/^::ffff:(?=\d+\.)/, '')} ${port}\n`
}

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Namespace } from '@vpnext/lab'
import { bindInet, inetSocket, setSocketBuffers } from '@vpnext/native'

/** Numbered datagrams from one network to the other, and which of them arrived. */
export class UdpCount implements AsyncDisposable {
  sent = 0
  readonly #arrived = new Set<number>()
  readonly #from: Socket
  readonly #to: Socket
  readonly #address: string
  /** @param address of `to`, inside the tunnel, IPv4 */
  constructor(from: Namespace, to: Namespace, address: string) {
    this.#address = address
    this.#from = socketInside(from, '0.0.0.0', 0)
    this.#to = socketInside(to, address, 9000)
    this.#to.on('message', (bytes) => this.#arrived.add(bytes.readUInt32BE()))
  }

  /** How many have not arrived yet. */
  get underWay(): number {
    return this.sent - this.#arrived.size
  }

  /** Sends some at once. @param length bytes, at least 4 */
  async send(count: number, length = 1200): Promise<void> {
    const all = Array.from({ length: count }, () => {
      const bytes = Buffer.alloc(length)
      bytes.writeUInt32BE(this.sent++)
      return new Promise<void>((resolve, reject) => {
        this.#from.send(bytes, 9000, this.#address, (error) => (error === null ? resolve() : reject(error)))
      })
    })
    await Promise.all(all)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [this.#from, this.#to]) {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }
  }
}

function socketInside(host: Namespace, address: string, port: number): Socket {
  const fd = host.run(() => inetSocket(4, 'dgram'))
  setSocketBuffers(fd, { receive: 4_000_000, send: 4_000_000 })
  bindInet(fd, address, port)
  return createSocket('udp4').bind({ fd: fd.release() })
}

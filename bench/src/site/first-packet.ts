import type { Namespace } from '@vpnext/lab'
import { Fd, bindInet, inetSocket, localName, readFd, watchFd } from '@vpnext/native'

/** A UDP server that says when the first IP packet for a destination comes in a datagram. */
export class FirstPacket implements Disposable {
  readonly port: number
  readonly #fd: Fd
  readonly #watch: Disposable
  readonly #destination: Buffer
  #arrived: (at: number) => void = () => undefined

  /**
   * @param address of the server
   * @param destination IPv4, of the packet inside that counts; a TUN carries packets of the kernel's own too
   */
  constructor(namespace: Namespace, address: string, destination: string) {
    this.#destination = Buffer.from(destination.split('.').map(Number))
    this.#fd = namespace.run(() => inetSocket(4, 'dgram', { nonBlocking: true }))
    bindInet(this.#fd, address, 0)
    const name = localName(this.#fd)
    this.port = name.family === 4 ? name.port : 0
    const packet = Buffer.alloc(65_535)
    this.#watch = watchFd(this.#fd, { readable: true }, () => {
      const at = performance.now()
      for (let length = readFd(this.#fd, packet); length !== 'again'; length = readFd(this.#fd, packet)) {
        // RFC 791: the destination is at 16.
        if (packet.subarray(16, 20).equals(this.#destination)) this.#arrived(at)
      }
    })
  }

  /** When the next one comes, as performance.now(). */
  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#arrived = resolve
    })
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]()
    this.#fd.close()
  }
}

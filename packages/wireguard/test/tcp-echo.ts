import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, Socket } from 'node:net'
import type { Namespace } from '@vpnext/lab'
import { connectInet, inetSocket, isSystemError } from '@vpnext/native'

/** A TCP connection through a tunnel whose far end sends everything back. */
export class TcpEcho implements AsyncDisposable {
  readonly #server: Server
  readonly #socket: Socket
  readonly #connections = new Set<Socket>()
  readonly #failed: Promise<never>

  private constructor(server: Server, socket: Socket) {
    this.#server = server
    this.#socket = socket
    this.#failed = new Promise((_resolve, reject) => socket.once('error', reject))
    this.#failed.catch(() => {})
    server.on('connection', (connection) => this.#connections.add(connection))
  }

  /** @param address of `to`, inside the tunnel */
  static async open(from: Namespace, to: Namespace, address: string): Promise<TcpEcho> {
    const server = createServer((connection) => connection.pipe(connection).on('error', () => {}))
    // Without a host name, node makes the socket before listen() returns: inside the namespace.
    to.run(() => server.listen(0))
    await once(server, 'listening')
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('no port')
    const fd = from.run(() => inetSocket(address.includes(':') ? 6 : 4, 'stream', { nonBlocking: true }))
    try {
      connectInet(fd, address, bound.port)
    } catch (error) {
      if (!isSystemError(error, 'EINPROGRESS')) {
        fd.close()
        server.close()
        throw error
      }
    }
    return new TcpEcho(server, new Socket({ fd: fd.release() }))
  }

  /** Sends random bytes. @returns whether they came back as they were */
  async echoes(length: number): Promise<boolean> {
    const [sent, received] = [createHash('sha256'), createHash('sha256')]
    let back = 0
    const all = new Promise<void>((resolve) => {
      const take = (bytes: Buffer): void => {
        received.update(bytes)
        back += bytes.length
        if (back >= length) {
          this.#socket.off('data', take)
          resolve()
        }
      }
      this.#socket.on('data', take)
    })
    for (let at = 0; at < length;) {
      // Odd sizes, so that packets end everywhere.
      const bytes = randomBytes(Math.min(70_001, length - at))
      sent.update(bytes)
      at += bytes.length
      if (!this.#socket.write(bytes)) await Promise.race([once(this.#socket, 'drain'), this.#failed])
    }
    await Promise.race([all, this.#failed])
    return sent.digest('hex') === received.digest('hex')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#socket.destroy()
    for (const connection of this.#connections) connection.destroy()
    await closed
  }
}

/** Sends `length` bytes there and back. */
export async function tcpEchoes(
  from: Namespace,
  to: Namespace,
  address: string,
  length: number,
): Promise<boolean> {
  await using echo = await TcpEcho.open(from, to, address)
  return await echo.echoes(length)
}

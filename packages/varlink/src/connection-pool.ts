import { ClientConnection } from './client-connection.ts'
import { connectPatiently } from './connect.ts'
import { ConnectionError } from './errors.ts'
import type { WireLimits } from './wire.ts'

/** Connections that are kept for the next call. */
const maxIdle = 4

/** The connections of a client to one socket: each is used for one call at a time, and again. */
export class ConnectionPool {
  readonly #path: string
  readonly #limits: WireLimits
  readonly #all = new Set<ClientConnection>()
  readonly #idle = new Set<ClientConnection>()
  #closed = false

  constructor(path: string, limits: WireLimits) {
    this.#path = path
    this.#limits = limits
  }

  /**
   * A connection that nobody uses, an idle one or a new one.
   *
   * @throws SystemError when the service is gone; ConnectionError `closed`; `signal.reason`
   */
  async acquire(signal: AbortSignal | undefined): Promise<ClientConnection> {
    this.#throwIfClosed()
    for (const connection of this.#idle) {
      this.#idle.delete(connection)
      return connection
    }
    const fd = await connectPatiently(this.#path, signal)
    if (this.#closed) fd.close()
    this.#throwIfClosed()
    const connection = new ClientConnection(fd, this.#limits, () => {
      this.#all.delete(connection)
      this.#idle.delete(connection)
    })
    this.#all.add(connection)
    return connection
  }

  /** Gives a connection back; nothing if it is closed. */
  release(connection: ClientConnection): void {
    if (connection.isClosed) return
    if (this.#idle.size < maxIdle) this.#idle.add(connection)
    else connection.close()
  }

  /** Closes every connection, those in use too. */
  close(): void {
    this.#closed = true
    for (const connection of this.#all) connection.close()
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new ConnectionError('closed', 'the client was closed')
  }
}

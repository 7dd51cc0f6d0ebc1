import { createServer } from 'node:net'

import { lastCallback } from './last-callback.ts'
import { type SocketAddress, addressArgument } from './socket-address.ts'
import { StreamConnection } from './stream-connection.ts'
import { StreamServer } from './stream-server.ts'

/** `socket.constructTCPSocketServerInstance()` (HarmonyOS, `TCPSocketServer`). Errors: 2301000 + errno. */
export class TcpSocketServer extends StreamServer {
  /** `listen(address, callback?)`: port 0 lets the kernel choose. `connect` is told for every client. */
  listen(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 1, this.#listen(addressArgument(args[0], 'address')))
  }

  async #listen(address: SocketAddress): Promise<void> {
    const server = createServer((socket) =>
      this.listeners.emit('connect', new StreamConnection(this.nextClient(), socket)),
    )
    await this.listenOn(server, address)
  }
}

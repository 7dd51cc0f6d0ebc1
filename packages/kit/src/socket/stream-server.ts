import { type Fd, bindInet, inetSocket, setSocketFlag } from '@vpnext/native'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

import { Listeners } from '../listeners.ts'
import { missingMembers } from '../provided.ts'
import { type ExtraOptions, applyToDescriptor, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { nodeDescriptor } from './node-descriptor.ts'
import { type KitAddress, type SocketAddress, kitAddress } from './socket-address.ts'
import { asSocketError, socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'

/** Where a server is in its life; one of local sockets has more to tell of itself. */
type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'listening'; readonly server: Server }
  | { readonly kind: 'closed' }

/** What is the same in TCP and TLS servers. */
export abstract class StreamServer {
  protected readonly listeners: Listeners<'connect' | 'error'> = new Listeners(['connect', 'error'], 'last')
  readonly #permitted: () => void
  #state: State = { kind: 'new' }
  #clients = 0

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('TCPSocketServer'))
  }

  /** @param permitted throws when the bundle may not listen */
  constructor(permitted: () => void) {
    this.#permitted = permitted
  }

  /** `getState(callback?)`: connected is a server that has clients. */
  getState(...args: unknown[]): Promise<SocketState> | undefined {
    return lastCallback(args, 0, describeServer(this.#state))
  }

  /** `getSocketFd(callback?)`: -1 while it does not listen. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    const state = this.#state
    return lastCallback(
      args,
      0,
      Promise.resolve(state.kind === 'listening' ? nodeDescriptor(state.server) : -1),
    )
  }

  getLocalAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    return lastCallback(
      args,
      0,
      this.#whenListening((server) => addressOf(server)),
    )
  }

  /** `setExtraOptions(options, callback?)`: accepted connections inherit them. */
  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options: ExtraOptions = readExtraOptions(args[0], 'tcp')
    return lastCallback(
      args,
      1,
      this.#whenListening((server) => applyToDescriptor(nodeDescriptor(server), options)),
    )
  }

  /** `close(callback?)`: takes no more clients; those there are stay. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  on(type: unknown, callback: unknown): void {
    this.listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.listeners.off(type, callback)
  }

  /** Listens with a server that has its handlers already. @throws BusinessError 2301000 + errno */
  protected async listenOn(server: Server, { host, family, port }: SocketAddress): Promise<void> {
    this.#permitted()
    if (this.#state.kind === 'listening') throw socketError('EINVAL', 'the server listens already')
    this.#state = { kind: 'listening', server }
    try {
      const fd = boundSocket(host, family, port)
      server.listen({ fd: fd.release() })
      await once(server, 'listening')
    } catch (error) {
      this.#state = { kind: 'new' }
      throw asSocketError(error)
    }
    server.on('error', (error) => this.listeners.emit('error', asSocketError(error)))
  }

  /** The number of the next client, from 1. */
  protected nextClient(): number {
    this.#clients += 1
    return this.#clients
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    // Waiting for its end would wait for every client.
    if (state.kind === 'listening') state.server.close()
  }

  async #whenListening<T>(action: (server: Server) => T): Promise<T> {
    if (this.#state.kind !== 'listening') throw socketError('EBADF', 'the server does not listen')
    return action(this.#state.server)
  }
}

function boundSocket(host: string, family: 4 | 6, port: number): Fd {
  const fd = inetSocket(family, 'stream', { nonBlocking: true })
  try {
    setSocketFlag(fd, 'reuseAddress', true)
    bindInet(fd, host, port)
    return fd
  } catch (error) {
    fd.close()
    if (error instanceof RangeError) throw socketError('EADDRNOTAVAIL', error.message, error)
    throw error
  }
}

function addressOf(server: Server): KitAddress {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') return kitAddress('', 0)
  return kitAddress(address.address, address.port)
}

/** What `getState` tells of a server: connected is one that has clients now. */
export async function describeServer(state: State): Promise<SocketState> {
  const isBound = state.kind === 'listening'
  return {
    isBound,
    isClose: state.kind === 'closed',
    isConnected: isBound && (await hasClients(state.server)),
  }
}

function hasClients(server: Server): Promise<boolean> {
  return new Promise((resolve) =>
    server.getConnections((error, count) => resolve(error === null && count > 0)),
  )
}

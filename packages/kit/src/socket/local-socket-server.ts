import { listenUnix } from '@vpnext/native'
import { once } from 'node:events'
import { lstatSync, rmSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'

import { Listeners } from '../listeners.ts'
import { objectParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type ExtraOptions, applyToDescriptor, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { socketOptionsOf } from './local-options.ts'
import { localAddress } from './local-socket.ts'
import { nodeDescriptor } from './node-descriptor.ts'
import { dataArgument, receivedBuffer } from './socket-data.ts'
import { onceHeard } from './once-heard.ts'
import { asSocketError, socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'
import { closeStream, sendAll } from './stream-connection.ts'
import { describeServer } from './stream-server.ts'

/** The socket is for the bundle's own processes. */
const socketMode = 0o600

/** `LocalSocketConnection`: one client of a server. */
class LocalConnection {
  readonly clientId: number
  readonly #socket: Socket
  readonly #path: string
  readonly #listeners = new Listeners(['message', 'close', 'error'], 'last')
  readonly #hear: () => void

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('LocalSocketConnection'))
  }

  constructor(clientId: number, socket: Socket, path: string) {
    this.clientId = clientId
    this.#socket = socket
    this.#path = path
    this.#hear = onceHeard(socket, (bytes) =>
      this.#listeners.emit('message', { message: receivedBuffer(bytes), address: path, size: bytes.length }),
    )
    socket.on('error', (error) => this.#listeners.emit('error', asSocketError(error)))
    socket.on('close', () => this.#listeners.emit('close'))
  }

  /** `send({ data })`. */
  send(...args: unknown[]): Promise<void> | undefined {
    const data = dataArgument(Reflect.get(objectParameter(args[0], 'options'), 'data'), 'options.data')
    return lastCallback(args, 1, sendAll(this.#socket, data))
  }

  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, closeStream(this.#socket))
  }

  /** The server's path. */
  getLocalAddress(...args: unknown[]): Promise<string> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#path))
  }

  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve(nodeDescriptor(this.#socket)))
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
    if (type === 'message') this.#hear()
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }
}

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'listening'; readonly server: Server; readonly path: string }
  | { readonly kind: 'closed' }

/** `socket.constructLocalSocketServerInstance()` (HarmonyOS, `LocalSocketServer`). Errors: 2301000 + errno. */
export class LocalSocketServer {
  readonly #listeners = new Listeners(['connect', 'error'], 'last')
  #state: State = { kind: 'new' }
  #clients = 0

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('LocalSocketServer'))
  }

  /** `listen({ address })`: a path; a socket that lies there, which an ended process has left, is replaced. `close` removes it. */
  listen(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 1, this.#listen(localAddress(args[0], 'address')))
  }

  /** `close()`: takes no more clients; those there are stay. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  getState(...args: unknown[]): Promise<SocketState> | undefined {
    return lastCallback(args, 0, describeServer(this.#state))
  }

  getLocalAddress(...args: unknown[]): Promise<string> | undefined {
    return lastCallback(
      args,
      0,
      this.#whenListening(({ path }) => path),
    )
  }

  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    const state = this.#state
    return lastCallback(
      args,
      0,
      Promise.resolve(state.kind === 'listening' ? nodeDescriptor(state.server) : -1),
    )
  }

  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options: ExtraOptions = readExtraOptions(args[0], 'local')
    return lastCallback(
      args,
      1,
      this.#whenListening(({ server }) => applyToDescriptor(nodeDescriptor(server), options)),
    )
  }

  getExtraOptions(...args: unknown[]): Promise<ExtraOptions> | undefined {
    return lastCallback(
      args,
      0,
      this.#whenListening(({ server }) => socketOptionsOf(nodeDescriptor(server))),
    )
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  async #listen(path: string): Promise<void> {
    if (this.#state.kind === 'listening') throw socketError('EINVAL', 'the server listens already')
    const server = createServer((socket) => {
      this.#clients += 1
      this.#listeners.emit('connect', new LocalConnection(this.#clients, socket, path))
    })
    this.#state = { kind: 'listening', server, path }
    try {
      removeSocket(path)
      server.listen({ fd: listenUnix(path, { mode: socketMode }).release() })
      await once(server, 'listening')
    } catch (error) {
      this.#state = { kind: 'new' }
      throw asSocketError(error)
    }
    server.on('error', (error) => this.#listeners.emit('error', asSocketError(error)))
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    if (state.kind !== 'listening') return
    state.server.close()
    rmSync(state.path, { force: true })
  }

  async #whenListening<T>(action: (state: State & { readonly kind: 'listening' }) => T): Promise<T> {
    if (this.#state.kind !== 'listening') throw socketError('EBADF', 'the server does not listen')
    return action(this.#state)
  }
}

/** An extension ends by SIGKILL, and leaves its socket: the next one takes its place, as on the device. Other files stay. */
function removeSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path)
}

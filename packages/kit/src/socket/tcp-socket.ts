import { inetSocket } from '@vpnext/native'
import { closeSync } from 'node:fs'
import type { Socket } from 'node:net'

import { missingMembers } from '../provided.ts'
import { answerTime, connectSocket } from './connect-socket.ts'
import { type ExtraOptions, applyToDescriptor, applyToSocket, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { Listeners } from '../listeners.ts'
import { addressArgument, type KitAddress, kitAddress, type SocketAddress } from './socket-address.ts'
import { type SocksProxy, readProxyOptions } from './proxy-options.ts'
import { relayStream } from './relay-stream.ts'
import { dataArgument } from './socket-data.ts'
import { asSocketError, parameterError, socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'
import { connectThroughSocks } from './socks-connect.ts'
import { closeStream } from './stream-connection.ts'
import { unconnectedSocket } from './unconnected-socket.ts'

type State =
  | { readonly kind: 'new' }
  /** The descriptor exists and nothing was sent: the moment to protect it. */
  | { readonly kind: 'bound'; readonly fd: number; readonly local: SocketAddress }
  | { readonly kind: 'connected'; readonly fd: number; readonly socket: Socket }
  | { readonly kind: 'closed' }

/**
 * `socket.constructTCPSocketInstance()` (HarmonyOS, `TCPSocket`). `bind` makes the descriptor and `connect` sends the
 * first packet, so that a socket can be protected in between; without `bind`, `connect` does both.
 * Errors are BusinessErrors 2301000 + errno.
 */
export class TcpSocket {
  readonly #listeners = new Listeners(['message', 'connect', 'close', 'error'], 'last')
  readonly #admit: (fd: number) => Promise<void>
  /** Options that only a connection has. */
  readonly #later: ExtraOptions[] = []
  #state: State = { kind: 'new' }

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('TCPSocket'))
  }

  /** @param admit called with the descriptor before anything leaves by it */
  constructor(admit: (fd: number) => Promise<void>) {
    this.#admit = admit
  }

  /** Whether `value` was made here. */
  static is(value: unknown): value is TcpSocket {
    return typeof value === 'object' && value !== null && #admit in value
  }

  /**
   * Takes the connection away from a socket, which is closed for its user from then on.
   *
   * @throws BusinessError 2301107 while it is not connected
   */
  static takeConnection(tcp: TcpSocket): { readonly fd: number; readonly socket: Socket } {
    if (tcp.#state.kind !== 'connected') throw socketError('ENOTCONN', 'the socket is not connected')
    const { fd, socket } = tcp.#state
    tcp.#state = { kind: 'closed' }
    for (const name of ['data', 'error', 'close']) socket.removeAllListeners(name)
    return { fd, socket }
  }

  /** `bind(address, callback?)`, after `close` too: the local address and port, from which `connect` will go. */
  bind(...args: unknown[]): Promise<void> | undefined {
    const address = addressArgument(args[0], 'address')
    return lastCallback(args, 1, this.#bind(address))
  }

  /** `connect({ address, timeout?, proxy? }, callback?)`: `timeout` in milliseconds, 5000 when absent or 0. */
  connect(...args: unknown[]): Promise<void> | undefined {
    const options: unknown = args[0]
    if (typeof options !== 'object' || options === null) throw parameterError('options', 'is not an object')
    const address = addressArgument(Reflect.get(options, 'address'), 'options.address')
    const timeout: unknown = Reflect.get(options, 'timeout') ?? 0
    if (typeof timeout !== 'number' || !(timeout >= 0))
      throw parameterError('options.timeout', 'is not a time')
    return lastCallback(args, 1, this.#connect(address, timeout, readProxyOptions(options)))
  }

  /** `send({ data }, callback?)`: resolves when the bytes are with the kernel. */
  send(...args: unknown[]): Promise<void> | undefined {
    const options: unknown = args[0]
    if (typeof options !== 'object' || options === null) throw parameterError('options', 'is not an object')
    const data = dataArgument(Reflect.get(options, 'data'), 'options.data')
    return lastCallback(args, 1, this.#send(data))
  }

  /** `close(callback?)`. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  /** `getState(callback?)`. */
  getState(...args: unknown[]): Promise<SocketState> | undefined {
    const { kind } = this.#state
    const isConnected = kind === 'connected'
    const state = { isBound: kind === 'bound' || isConnected, isClose: kind === 'closed', isConnected }
    return lastCallback(args, 0, Promise.resolve(state))
  }

  /** `getSocketFd(callback?)`: -1 while there is none. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve('fd' in this.#state ? this.#state.fd : -1))
  }

  /** `getRemoteAddress(callback?)`. */
  getRemoteAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    return lastCallback(
      args,
      0,
      this.#whenConnected(({ remoteAddress = '', remotePort = 0 }) => kitAddress(remoteAddress, remotePort)),
    )
  }

  /** `getLocalAddress()`. */
  getLocalAddress(): Promise<KitAddress> {
    return this.#whenConnected(({ localAddress = '', localPort = 0 }) => kitAddress(localAddress, localPort))
  }

  /** `setExtraOptions(options, callback?)`, from `bind` on; see {@link readExtraOptions}. */
  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options = readExtraOptions(args[0], 'tcp')
    return lastCallback(args, 1, this.#setOptions(options))
  }

  /** `message`: `{ message: ArrayBuffer, remoteInfo: { address, family, port, size } }`. */
  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  async #bind(local: SocketAddress): Promise<void> {
    if (!this.#isFree()) throw socketError('EINVAL', `the socket is ${this.#state.kind} already`)
    const fd = inetSocket(local.family, 'stream', { nonBlocking: true }).release()
    const bound: State = { kind: 'bound', fd, local }
    this.#state = bound
    this.#later.length = 0
    try {
      await this.#admit(fd)
    } catch (error) {
      if (this.#state === bound) await this.#close()
      throw error
    }
    if (this.#state !== bound) throw socketError('EBADF', 'the socket was closed meanwhile')
  }

  async #connect(remote: SocketAddress, timeout: number, proxy: SocksProxy | undefined): Promise<void> {
    if (this.#isFree()) {
      const { family } = proxy?.address ?? remote
      await this.#bind({ host: family === 4 ? '0.0.0.0' : '::', family, port: 0 })
    }
    if (this.#state.kind !== 'bound') throw socketError('EISCONN', `the socket is ${this.#state.kind}`)
    const { fd, local } = this.#state
    const socket = unconnectedSocket(fd)
    const connected: State = { kind: 'connected', fd, socket }
    this.#state = connected
    // By then it may be bound again.
    const onClose = (): void => {
      if (this.#state === connected) this.#state = { kind: 'closed' }
    }
    try {
      const way = { remote, local, timeout, otherwise: answerTime }
      await (proxy === undefined ? connectSocket(socket, way) : connectThroughSocks(socket, proxy, way))
    } catch (error) {
      onClose()
      throw error
    }
    for (const options of this.#later) applyToSocket(socket, options)
    socket.on('close', onClose)
    relayStream(socket, this.#listeners, asSocketError)()
    this.#listeners.emit('connect')
  }

  /** Whether it may be bound: `close` and a failed `connect` leave a socket that can be used again, as on the device. */
  #isFree(): boolean {
    return this.#state.kind === 'new' || this.#state.kind === 'closed'
  }

  async #setOptions(options: ExtraOptions): Promise<void> {
    const state = this.#state
    if (!('fd' in state)) throw socketError('EBADF', `the socket is ${state.kind}`)
    applyToDescriptor(state.fd, options)
    if (state.kind === 'connected') applyToSocket(state.socket, options)
    else this.#later.push(options)
  }

  async #send(data: Uint8Array): Promise<void> {
    const state = this.#state
    if (state.kind !== 'connected') throw socketError('ENOTCONN', 'the socket is not connected')
    await new Promise<void>((resolve, reject) => {
      state.socket.write(data, (error) =>
        error === null || error === undefined ? resolve() : reject(asSocketError(error)),
      )
    })
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    if (state.kind === 'bound') closeSync(state.fd)
    if (state.kind === 'connected') await closeStream(state.socket)
  }

  async #whenConnected<T>(action: (socket: Socket) => T): Promise<T> {
    if (this.#state.kind !== 'connected') throw socketError('ENOTCONN', 'the socket is not connected')
    return action(this.#state.socket)
  }
}

import { inetSocket } from '@vpnext/native'
import { once } from 'node:events'
import { closeSync } from 'node:fs'
import { type Socket, isIP } from 'node:net'
import { type TLSSocket, connect as connectTls } from 'node:tls'

import { Listeners } from '../listeners.ts'
import { missingMembers } from '../provided.ts'
import { answerTime, connectSocket } from './connect-socket.ts'
import { type ExtraOptions, applyToDescriptor, applyToSocket, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { type KitAddress, type SocketAddress, addressArgument, kitAddress } from './socket-address.ts'
import { relayStream } from './relay-stream.ts'
import { dataArgument } from './socket-data.ts'
import { socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'
import { connectThroughSocks } from './socks-connect.ts'
import { unconnectedSocket } from './unconnected-socket.ts'
import { closeStream, sendAll } from './stream-connection.ts'
import { TcpSocket } from './tcp-socket.ts'
import { asTlsError } from './tls-error.ts'
import {
  type RawCertificate,
  cipherSuites,
  ownCertificate,
  protocolOf,
  remoteCertificate,
  signatureAlgorithms,
} from './tls-facts.ts'
import { type TlsOptions, readTlsOptions } from './tls-options.ts'

type State =
  | { readonly kind: 'new' }
  /** The descriptor exists and nothing was sent: the moment to protect it. */
  | { readonly kind: 'bound'; readonly fd: number; readonly local: SocketAddress }
  | { readonly kind: 'connecting'; readonly fd: number; readonly socket: Socket }
  | { readonly kind: 'connected'; readonly fd: number; readonly tls: TLSSocket }
  | { readonly kind: 'closed' }

/**
 * `socket.constructTLSSocketInstance(tcpSocket?)` (HarmonyOS, `TLSSocket`). `bind` makes the descriptor and `connect` sends
 * the first packet, so that a socket can be protected in between; a connected TCPSocket can be handed over instead.
 * Certificates are checked against `secureOptions.ca`, else against the authorities that node carries.
 * Errors are BusinessErrors 2303100 + errno, 2303504 for certificates, 2303505 for the rest of TLS.
 */
export class TlsSocket {
  readonly #listeners = new Listeners(['message', 'connect', 'close', 'error'], 'last')
  readonly #admit: (fd: number) => Promise<void>
  readonly #later: ExtraOptions[] = []
  #below: TcpSocket | undefined
  #state: State = { kind: 'new' }

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('TLSSocket'))
  }

  /**
   * @param admit called with the descriptor before anything leaves by it
   * @param below a connected TCP socket to go over
   */
  constructor(admit: (fd: number) => Promise<void>, below?: TcpSocket) {
    this.#admit = admit
    this.#below = below
  }

  /** `bind(address, callback?)`; after `close` too, with a new descriptor. */
  bind(...args: unknown[]): Promise<void> | undefined {
    const address = addressArgument(args[0], 'address')
    return lastCallback(args, 1, this.#bind(address))
  }

  /** `connect({ address, secureOptions, ALPNProtocols?, skipRemoteValidation?, timeout?, proxy? }, callback?)`. */
  connect(...args: unknown[]): Promise<void> | undefined {
    const options = readTlsOptions(args[0])
    return lastCallback(args, 1, this.#connect(options))
  }

  /** `send(data, callback?)`: resolves when the bytes are with the kernel. */
  send(...args: unknown[]): Promise<void> | undefined {
    const data = dataArgument(args[0], 'data')
    return lastCallback(
      args,
      1,
      this.#whenConnected((tls) => sendAll(tls, data, asTlsError)),
    )
  }

  /** `close(callback?)`. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  getState(...args: unknown[]): Promise<SocketState> | undefined {
    const { kind } = this.#state
    const isConnected = kind === 'connected'
    const state = { isBound: 'fd' in this.#state, isClose: kind === 'closed', isConnected }
    return lastCallback(args, 0, Promise.resolve(state))
  }

  /** `getSocketFd(callback?)`: -1 while there is none. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve('fd' in this.#state ? this.#state.fd : -1))
  }

  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options = readExtraOptions(args[0], 'tcp')
    return lastCallback(args, 1, this.#setOptions(options))
  }

  getRemoteAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    return this.#fact(args, ({ remoteAddress = '', remotePort = 0 }) => kitAddress(remoteAddress, remotePort))
  }

  getLocalAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    return this.#fact(args, ({ localAddress = '', localPort = 0 }) => kitAddress(localAddress, localPort))
  }

  getCertificate(...args: unknown[]): Promise<RawCertificate> | undefined {
    return this.#fact(args, ownCertificate)
  }

  getRemoteCertificate(...args: unknown[]): Promise<RawCertificate> | undefined {
    return this.#fact(args, remoteCertificate)
  }

  getProtocol(...args: unknown[]): Promise<string> | undefined {
    return this.#fact(args, protocolOf)
  }

  getCipherSuite(...args: unknown[]): Promise<string[]> | undefined {
    return this.#fact(args, cipherSuites)
  }

  getSignatureAlgorithms(...args: unknown[]): Promise<string[]> | undefined {
    return this.#fact(args, signatureAlgorithms)
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

  async #connect(options: TlsOptions): Promise<void> {
    const { fd, socket } = await this.#connectBelow(options)
    const connecting: State = { kind: 'connecting', fd, socket }
    this.#state = connecting
    const tls = connectTls({
      socket,
      ...options.secure,
      host: options.address.host,
      ...(isIP(options.address.host) === 0 && { servername: options.address.host }),
      ...(options.alpn.length > 0 && { ALPNProtocols: [...options.alpn] }),
      rejectUnauthorized: !options.trustAnybody,
    })
    try {
      await once(tls, 'secureConnect')
    } catch (error) {
      this.#leave(connecting)
      tls.destroy()
      throw asTlsError(error)
    }
    if (this.#state !== connecting) {
      tls.destroy()
      throw socketError('EBADF', 'the socket was closed meanwhile')
    }
    const connected: State = { kind: 'connected', fd, tls }
    this.#state = connected
    tls.on('close', () => this.#leave(connected))
    relayStream(tls, this.#listeners, asTlsError)()
    this.#listeners.emit('connect')
  }

  async #connectBelow({ address, timeout, proxy }: TlsOptions): Promise<{ fd: number; socket: Socket }> {
    if (this.#below !== undefined) {
      const below = TcpSocket.takeConnection(this.#below)
      this.#below = undefined
      return below
    }
    if (this.#isFree()) {
      const { family } = proxy?.address ?? address
      await this.#bind({ host: family === 4 ? '0.0.0.0' : '::', family, port: 0 })
    }
    if (this.#state.kind !== 'bound') throw socketError('EISCONN', `the socket is ${this.#state.kind}`)
    const { fd, local } = this.#state
    const socket = unconnectedSocket(fd)
    const connecting: State = { kind: 'connecting', fd, socket }
    this.#state = connecting
    try {
      const way = { remote: address, local, timeout }
      if (proxy === undefined) await connectSocket(socket, way)
      else await connectThroughSocks(socket, proxy, { ...way, otherwise: answerTime })
    } catch (error) {
      this.#leave(connecting)
      throw asTlsError(error)
    }
    if (this.#state !== connecting) {
      socket.destroy()
      throw socketError('EBADF', 'the socket was closed meanwhile')
    }
    for (const options of this.#later) applyToSocket(socket, options)
    return { fd, socket }
  }

  async #setOptions(options: ExtraOptions): Promise<void> {
    const state = this.#state
    if (!('fd' in state)) throw socketError('EBADF', `the socket is ${state.kind}`)
    applyToDescriptor(state.fd, options)
    if (state.kind === 'connected') applyToSocket(state.tls, options)
    else this.#later.push(options)
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    switch (state.kind) {
      case 'new':
      case 'closed':
        return
      case 'bound':
        closeSync(state.fd)
        return
      case 'connecting':
        state.socket.destroy()
        return
      case 'connected':
        await closeStream(state.tls)
    }
  }

  #fact<T>(args: readonly unknown[], tell: (tls: TLSSocket) => T): Promise<T> | undefined {
    return lastCallback(args, 0, this.#whenConnected(tell))
  }

  async #whenConnected<T>(action: (tls: TLSSocket) => T | Promise<T>): Promise<T> {
    if (this.#state.kind !== 'connected') throw socketError('ENOTCONN', 'the socket is not connected')
    return await action(this.#state.tls)
  }

  /** `state` is over; by then the socket may be bound again. */
  #leave(state: State): void {
    if (this.#state === state) this.#state = { kind: 'closed' }
  }

  /** Whether it may be bound: `close` and a failed `connect` leave a socket that can be used again, as on the device. */
  #isFree(): boolean {
    return this.#state.kind === 'new' || this.#state.kind === 'closed'
  }
}

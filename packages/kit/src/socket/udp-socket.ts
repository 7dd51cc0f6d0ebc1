import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'

import { businessError } from '@vpnext/api'
import { missingMembers } from '../provided.ts'
import { applyToDescriptor, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { Listeners } from '../listeners.ts'
import { readProxyOptions } from './proxy-options.ts'
import { addressArgument, type KitAddress, kitAddress, type SocketAddress } from './socket-address.ts'
import { dataArgument, receivedBuffer } from './socket-data.ts'
import { asSocketError, parameterError, socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'
import { type Traffic, countUdpTraffic, forgetUdpTraffic } from './udp-traffic.ts'
import { udpDescriptor } from './udp-descriptor.ts'

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'binding' }
  | { readonly kind: 'bound'; readonly socket: Socket; readonly fd: number; readonly traffic: Traffic }
  | { readonly kind: 'closed' }

/**
 * `socket.constructUDPSocketInstance()` (HarmonyOS, `UDPSocket`). The descriptor exists from `bind` on, so it can be
 * protected before the first packet leaves. Errors are BusinessErrors 2301000 + errno.
 */
export class UdpSocket {
  readonly #listeners = new Listeners(['message', 'listening', 'close', 'error'], 'last')
  readonly #admit: (fd: number) => Promise<void>
  #state: State = { kind: 'new' }

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('UDPSocket'))
  }

  /** @param admit called with the descriptor before anything leaves by it */
  constructor(admit: (fd: number) => Promise<void>) {
    this.#admit = admit
  }

  /** Whether `value` was made here. */
  static is(value: unknown): value is UdpSocket {
    return typeof value === 'object' && value !== null && #admit in value
  }

  /** `bind(address, callback?)`; after `close` too, with a new descriptor. */
  bind(...args: unknown[]): Promise<void> | undefined {
    const address = addressArgument(args[0], 'address')
    return lastCallback(args, 1, this.#bind(address))
  }

  /** `send({ data, address }, callback?)`: one packet. */
  send(...args: unknown[]): Promise<void> | undefined {
    const options: unknown = args[0]
    if (typeof options !== 'object' || options === null) throw parameterError('options', 'is not an object')
    const data = dataArgument(Reflect.get(options, 'data'), 'options.data')
    const address = addressArgument(Reflect.get(options, 'address'), 'options.address')
    if (readProxyOptions(options) !== undefined)
      throw businessError(801, { field: 'options.proxy', reason: 'packets through a proxy are not provided' })
    return lastCallback(args, 1, this.#send(data, address))
  }

  /** `close(callback?)`. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  /** `getState(callback?)`. */
  getState(...args: unknown[]): Promise<SocketState> | undefined {
    const { kind } = this.#state
    const state = { isBound: kind === 'bound', isClose: kind === 'closed', isConnected: false }
    return lastCallback(args, 0, Promise.resolve(state))
  }

  /** `getSocketFd(callback?)`: -1 while there is none. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#state.kind === 'bound' ? this.#state.fd : -1))
  }

  /** `getLocalAddress()`. */
  getLocalAddress(): Promise<KitAddress> {
    return this.#whenBound((socket) => {
      const { address, port } = socket.address()
      return kitAddress(address, port)
    })
  }

  /** `setExtraOptions(options, callback?)`, after `bind`; see {@link readExtraOptions}. */
  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options = readExtraOptions(args[0], 'udp')
    return lastCallback(
      args,
      1,
      this.#whenBound((_socket, fd) => applyToDescriptor(fd, options)),
    )
  }

  /** `message`: `{ message: ArrayBuffer, remoteInfo: { address, family, port, size } }`. */
  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  async #bind({ host, family, port }: SocketAddress): Promise<void> {
    if (this.#state.kind === 'binding' || this.#state.kind === 'bound')
      throw socketError('EINVAL', `the socket is ${this.#state.kind} already`)
    const binding: State = { kind: 'binding' }
    this.#state = binding
    const socket = createSocket(family === 4 ? 'udp4' : 'udp6')
    try {
      socket.bind({ address: host, port })
      await once(socket, 'listening')
      await this.#admit(udpDescriptor(socket))
      // It may have been closed, and even bound again.
      if (this.#state !== binding) throw socketError('EBADF', 'the socket was closed meanwhile')
    } catch (error) {
      socket.close()
      if (this.#state === binding) this.#state = { kind: 'new' }
      throw asSocketError(error)
    }
    const fd = udpDescriptor(socket)
    const traffic = countUdpTraffic(fd)
    this.#state = { kind: 'bound', socket, fd, traffic }
    socket.on('message', (bytes: Buffer, { address, family: text, port: from, size }: RemoteInfo) => {
      traffic.received += bytes.length
      const message = receivedBuffer(bytes)
      this.#listeners.emit('message', { message, remoteInfo: { address, family: text, port: from, size } })
    })
    socket.on('error', (error) => this.#listeners.emit('error', asSocketError(error)))
    this.#listeners.emit('listening')
  }

  async #send(data: Uint8Array, { host, port }: SocketAddress): Promise<void> {
    const state = this.#state
    if (state.kind !== 'bound') throw socketError('EBADF', 'the socket is not bound')
    await new Promise<void>((resolve, reject) => {
      state.socket.send(data, port, host, (error) => {
        if (error !== null) return reject(asSocketError(error))
        state.traffic.sent += data.length
        resolve()
      })
    })
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    if (state.kind !== 'bound') return
    forgetUdpTraffic(state.fd)
    const closed = once(state.socket, 'close')
    state.socket.close()
    await closed
    this.#listeners.emit('close')
  }

  /** Runs `action` on node's socket. @throws BusinessError 2301009 while there is none */
  protected onSocket<T>(action: (socket: Socket) => T): Promise<T> {
    return this.#whenBound(action)
  }

  async #whenBound<T>(action: (socket: Socket, fd: number) => T): Promise<T> {
    if (this.#state.kind !== 'bound') throw socketError('EBADF', 'the socket is not bound')
    try {
      return action(this.#state.socket, this.#state.fd)
    } catch (error) {
      throw asSocketError(error)
    }
  }
}

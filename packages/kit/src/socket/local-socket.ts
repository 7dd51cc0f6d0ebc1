import { Fd, bindUnix, connectUnixSocket, unixSocket } from '@vpnext/native'
import { closeSync } from 'node:fs'
import { Socket } from 'node:net'

import { Listeners } from '../listeners.ts'
import { objectParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type ExtraOptions, applyToDescriptor, readExtraOptions } from './extra-options.ts'
import { lastCallback } from './last-callback.ts'
import { socketOptionsOf } from './local-options.ts'
import { dataArgument, receivedBuffer } from './socket-data.ts'
import { asSocketError, socketError } from './socket-error.ts'
import type { SocketState } from './socket-state.ts'
import { closeStream, sendAll } from './stream-connection.ts'

/** Longest path of a unix socket, in bytes: sizeof(sun_path) without its NUL. */
const maxPath = 107

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'bound'; readonly fd: number }
  | { readonly kind: 'connected'; readonly fd: number; readonly socket: Socket; readonly remote: string }
  | { readonly kind: 'closed' }

/** `socket.constructLocalSocketInstance()` (HarmonyOS, `LocalSocket`): a unix stream socket. Errors: 2301000 + errno. */
export class LocalSocket {
  readonly #listeners = new Listeners(['message', 'connect', 'close', 'error'], 'last')
  #state: State = { kind: 'new' }
  #localPath = ''

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('LocalSocket'))
  }

  /** `bind({ address })`: a name of its own, which need not be. */
  bind(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 1, this.#bind(localAddress(args[0], 'address')))
  }

  /** `connect({ address: { address }, timeout? })`: it answers at once, so the time-out has nothing to do. */
  connect(...args: unknown[]): Promise<void> | undefined {
    const options = objectParameter(args[0], 'options')
    const path = localAddress(Reflect.get(options, 'address'), 'options.address')
    return lastCallback(args, 1, this.#connect(path))
  }

  /** `send({ data })`: resolves when the bytes are with the kernel. */
  send(...args: unknown[]): Promise<void> | undefined {
    const data = dataArgument(Reflect.get(objectParameter(args[0], 'options'), 'data'), 'options.data')
    return lastCallback(args, 1, this.#send(data))
  }

  /** `close()`. Again: resolves. */
  close(...args: unknown[]): Promise<void> | undefined {
    return lastCallback(args, 0, this.#close())
  }

  getState(...args: unknown[]): Promise<SocketState> | undefined {
    const { kind } = this.#state
    const isConnected = kind === 'connected'
    const state = { isBound: this.#localPath !== '', isClose: kind === 'closed', isConnected }
    return lastCallback(args, 0, Promise.resolve(state))
  }

  /** -1 while there is none. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve('fd' in this.#state ? this.#state.fd : -1))
  }

  /** The path it was bound to, `''` without. */
  getLocalAddress(...args: unknown[]): Promise<string> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#localPath))
  }

  setExtraOptions(...args: unknown[]): Promise<void> | undefined {
    const options: ExtraOptions = readExtraOptions(args[0], 'local')
    return lastCallback(
      args,
      1,
      this.#withDescriptor((fd) => applyToDescriptor(fd, options)),
    )
  }

  getExtraOptions(...args: unknown[]): Promise<ExtraOptions> | undefined {
    return lastCallback(args, 0, this.#withDescriptor(socketOptionsOf))
  }

  /** `message`: `{ message: ArrayBuffer, address, size }`. */
  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  async #bind(path: string): Promise<void> {
    if (!this.#isFree()) throw socketError('EINVAL', `the socket is ${this.#state.kind} already`)
    const fd = unixSocket()
    try {
      bindUnix(fd, path)
    } catch (error) {
      fd.close()
      throw asSocketError(error)
    }
    this.#state = { kind: 'bound', fd: fd.release() }
    this.#localPath = path
  }

  async #connect(path: string): Promise<void> {
    if (this.#isFree()) this.#state = { kind: 'bound', fd: unixSocket().release() }
    if (this.#state.kind !== 'bound') throw socketError('EISCONN', `the socket is ${this.#state.kind}`)
    const fd = Fd.adopt(this.#state.fd)
    try {
      connectUnixSocket(fd, path)
    } catch (error) {
      throw asSocketError(error)
    } finally {
      fd.release()
    }
    const socket = new Socket({ fd: this.#state.fd })
    const connected: State = { ...this.#state, kind: 'connected', socket, remote: path }
    this.#state = connected
    socket.on('data', (bytes: Buffer) =>
      this.#listeners.emit('message', { message: receivedBuffer(bytes), address: path, size: bytes.length }),
    )
    socket.on('error', (error) => this.#listeners.emit('error', asSocketError(error)))
    socket.on('close', () => {
      // By then it may be used again.
      if (this.#state === connected) this.#state = { kind: 'closed' }
      this.#listeners.emit('close')
    })
    this.#listeners.emit('connect')
  }

  /** Whether it may be bound: `close` leaves a socket that can be used again, as on the device. */
  #isFree(): boolean {
    return this.#state.kind === 'new' || this.#state.kind === 'closed'
  }

  async #send(data: Uint8Array): Promise<void> {
    if (this.#state.kind !== 'connected') throw socketError('ENOTCONN', 'the socket is not connected')
    await sendAll(this.#state.socket, data)
  }

  async #close(): Promise<void> {
    const state = this.#state
    this.#state = { kind: 'closed' }
    this.#localPath = ''
    if (state.kind === 'bound') closeSync(state.fd)
    if (state.kind === 'connected') await closeStream(state.socket)
  }

  async #withDescriptor<T>(action: (fd: number) => T): Promise<T> {
    if (!('fd' in this.#state)) throw socketError('EBADF', `the socket is ${this.#state.kind}`)
    return action(this.#state.fd)
  }
}

/** Reads a `LocalAddress`. @throws BusinessError 401 */
export function localAddress(value: unknown, field: string): string {
  const path = textParameter(Reflect.get(objectParameter(value, field), 'address'), `${field}.address`)
  const length = Buffer.byteLength(path)
  if (length > 0 && length <= maxPath && !path.includes('\0')) return path
  throw parameterError(`${field}.address`, `is not a path of 1 to ${maxPath} bytes`)
}

import type { Socket } from 'node:net'
import { once } from 'node:events'

import { Listeners } from '../listeners.ts'
import { missingMembers } from '../provided.ts'
import { lastCallback } from './last-callback.ts'
import { nodeDescriptor } from './node-descriptor.ts'
import { type KitAddress, kitAddress } from './socket-address.ts'
import { relayStream } from './relay-stream.ts'
import { dataArgument } from './socket-data.ts'
import { asSocketError, parameterError, socketError } from './socket-error.ts'

/** `TCPSocketConnection`: one client of a server. */
export class StreamConnection {
  readonly clientId: number
  readonly #socket: Socket
  /** Of the TCP connection: a TLS socket on top of it has none of its own. */
  readonly #fd: number
  readonly #listeners = new Listeners(['message', 'close', 'error'], 'last')
  readonly #hear: () => void

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('TCPSocketConnection'))
  }

  /** @param fd of the connection below `socket`; `socket`'s own when absent */
  constructor(clientId: number, socket: Socket, fd: number = nodeDescriptor(socket)) {
    this.clientId = clientId
    this.#socket = socket
    this.#fd = fd
    this.#hear = relayStream(socket, this.#listeners, asSocketError)
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
    return lastCallback(args, 0, closeStream(this.#socket))
  }

  getRemoteAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    const { remoteAddress, remotePort = 0 } = this.#socket
    return lastCallback(args, 0, addressOrClosed(remoteAddress, remotePort))
  }

  getLocalAddress(...args: unknown[]): Promise<KitAddress> | undefined {
    const { localAddress, localPort = 0 } = this.#socket
    return lastCallback(args, 0, addressOrClosed(localAddress, localPort))
  }

  /** `getSocketFd(callback?)`: -1 once it is closed. */
  getSocketFd(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#socket.destroyed ? -1 : this.#fd))
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
    if (type === 'message') this.#hear()
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  #send(data: Uint8Array): Promise<void> {
    return sendAll(this.#socket, data)
  }
}

/** Milliseconds that the other end has to take what was sent before the close. */
const flushTime = 5000

/** Ends a stream after what it has to send, or at once while there is no connection yet. Again: resolves. */
export async function closeStream(socket: Socket): Promise<void> {
  if (socket.destroyed) return
  const closed = once(socket, 'close')
  const timer = setTimeout(() => socket.destroy(), flushTime)
  // What ends when it is connected would wait for a server that does not answer.
  if (socket.connecting) socket.destroy()
  else socket.end(() => socket.destroy())
  await closed
  clearTimeout(timer)
}

/** Resolves when the bytes are with the kernel. */
export async function sendAll(
  socket: Socket,
  data: Uint8Array,
  translate: (error: unknown) => Error = asSocketError,
): Promise<void> {
  if (socket.destroyed) throw socketError('EBADF', 'the socket is closed')
  await new Promise<void>((resolve, reject) => {
    socket.write(data, (error) =>
      error === null || error === undefined ? resolve() : reject(translate(error)),
    )
  })
}

async function addressOrClosed(address: string | undefined, port: number): Promise<KitAddress> {
  if (address === undefined) throw socketError('ENOTCONN', 'the socket is closed')
  return kitAddress(address, port)
}

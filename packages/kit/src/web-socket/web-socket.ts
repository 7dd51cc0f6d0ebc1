import type { Socket } from 'node:net'

import { isCallback, settle } from '../async-forms.ts'
import type { HttpParts } from '../http/http-request.ts'
import { Listeners } from '../listeners.ts'
import { integerParameter, objectParameter, optionalMember, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { dataArgument, receivedBuffer } from '../socket/socket-data.ts'
import {
  FrameError,
  FrameReader,
  type Message,
  clientFrame,
  closePayload,
  opcodes,
  readClose,
} from './frames.ts'
import { type Opened, openWebSocket } from './handshake.ts'
import { webSocketError } from './web-socket-error.ts'
import { type WebSocketOptions, readWebSocketOptions, readWebSocketUrl } from './web-socket-options.ts'

/** Milliseconds that a server has to end a connection that was closed. */
const closingTime = 3000

/** `webSocket.CloseResult`. */
interface Closing {
  readonly code: number
  readonly reason: string
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly controller: AbortController; closing?: Closing }
  | { readonly kind: 'open'; readonly socket: Socket; closing?: Closing }

/**
 * `webSocket.createWebSocket()` (HarmonyOS, `WebSocket`), by RFC 6455. `connect` answers before there is a connection; then `open` is told, or
 * `error` with the code 200. Sockets are treated like those of the socket kit. Once it is closed it can be connected again.
 */
export class WebSocket {
  readonly #parts: HttpParts
  readonly #listeners = new Listeners(
    ['open', 'message', 'close', 'error', 'dataEnd', 'headerReceive'],
    'last',
  )
  #state: State = { kind: 'idle' }

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('WebSocket'))
  }

  constructor(parts: HttpParts) {
    this.#parts = parts
  }

  /** `connect(url, options?, callback?)`. @throws BusinessError 401; rejects 201, 2302001, 2302002, 2302003 */
  connect(...args: unknown[]): Promise<boolean> | undefined {
    const url = textParameter(args[0], 'url')
    return this.#settled(args, () =>
      this.#connect(url, args.length === 2 && isCallback(args[1]) ? undefined : args[1]),
    )
  }

  /** `send(data, callback?)`: text or bytes. @throws BusinessError 401; rejects 201, 2302999 */
  send(...args: unknown[]): Promise<boolean> | undefined {
    const [data] = args
    const payload = dataArgument(data, 'data')
    return this.#settled(args, () =>
      this.#send(typeof data === 'string' ? opcodes.text : opcodes.binary, payload),
    )
  }

  /** `close(options?, callback?)`. @throws BusinessError 401; rejects 201, 2302999 */
  close(...args: unknown[]): Promise<boolean> | undefined {
    const closing = readClosing(isCallback(args[0]) ? undefined : args[0])
    return this.#settled(args, () => this.#close(closing))
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  #settled(args: readonly unknown[], action: () => Promise<void>): Promise<boolean> | undefined {
    const last = args.at(-1)
    const work = async (): Promise<boolean> => {
      this.#parts.permit('ohos.permission.INTERNET')
      await action()
      return true
    }
    return settle(work(), isCallback<boolean>(last) ? last : undefined)
  }

  async #connect(text: string, given: unknown): Promise<void> {
    const url = readWebSocketUrl(text)
    const options = readWebSocketOptions(given)
    if (this.#state.kind !== 'idle') throw webSocketError(2302003, `the WebSocket is ${this.#state.kind}`)
    const state: State = { kind: 'connecting', controller: new AbortController() }
    this.#state = state
    void this.#open(url, options, state)
  }

  async #open(
    url: URL,
    { request, protocol }: WebSocketOptions,
    state: State & { kind: 'connecting' },
  ): Promise<void> {
    const { signal } = state.controller
    const timer = setTimeout(() => state.controller.abort(), request.connectTimeout)
    try {
      const { admit } = this.#parts
      this.#opened(await openWebSocket({ url, options: request, protocol, admit, signal }))
    } catch (error) {
      this.#state = { kind: 'idle' }
      if (state.closing !== undefined) this.#tell('close', state.closing)
      else this.#listeners.emit('error', webSocketError(200, reasonOf(error), error))
    } finally {
      clearTimeout(timer)
    }
  }

  #opened({ socket, status, message, header, head }: Opened): void {
    const state: State & { kind: 'open' } = { kind: 'open', socket }
    this.#state = state
    const reader = new FrameReader()
    const take = (bytes: Buffer): void => {
      try {
        for (const one of reader.push(bytes)) this.#take(one, state)
      } catch (error) {
        const code = error instanceof FrameError ? error.code : 1002
        this.#listeners.emit('error', webSocketError(200, reasonOf(error), error))
        this.#end(state, { code, reason: reasonOf(error) })
      }
    }
    let failure: unknown
    socket.on('error', (error) => (failure = error))
    socket.on('close', () => {
      this.#state = { kind: 'idle' }
      if (state.closing === undefined) this.#listeners.emit('error', webSocketError(200, reasonOf(failure)))
      this.#tell('close', state.closing ?? { code: 1006, reason: 'The link is down' })
    })
    this.#listeners.emit('headerReceive', header)
    this.#tell('open', { status, message })
    if (head.length > 0) take(head)
    socket.on('data', take)
    socket.resume()
  }

  #take({ opcode, payload }: Message, state: State & { kind: 'open' }): void {
    if (opcode === opcodes.ping) state.socket.write(clientFrame(opcodes.pong, payload))
    if (opcode === opcodes.close) this.#end(state, readClose(payload))
    if (opcode !== opcodes.text && opcode !== opcodes.binary) return
    const message = opcode === opcodes.text ? textOf(payload) : receivedBuffer(payload)
    this.#tell('message', message)
    this.#listeners.emit('dataEnd')
  }

  async #send(opcode: number, payload: Uint8Array): Promise<void> {
    const state = this.#state
    if (state.kind !== 'open' || state.closing !== undefined)
      throw webSocketError(2302999, 'there is no connection')
    await new Promise<void>((resolve, reject) => {
      state.socket.write(clientFrame(opcode, payload), (error) =>
        error === null || error === undefined
          ? resolve()
          : reject(webSocketError(2302999, reasonOf(error), error)),
      )
    })
  }

  async #close(closing: Closing): Promise<void> {
    const state = this.#state
    if (state.kind === 'idle') throw webSocketError(2302999, 'there is no connection')
    if (state.kind === 'open') return this.#end(state, closing)
    state.closing ??= closing
    state.controller.abort()
  }

  /** Says goodbye once, and ends the connection when the server has, or does not in time. */
  #end(state: State & { kind: 'open' }, closing: Closing): void {
    const { socket } = state
    if (state.closing === undefined) {
      state.closing = closing
      socket.write(clientFrame(opcodes.close, closePayload(sendable(closing.code), closing.reason)))
      const timer = setTimeout(() => socket.destroy(), closingTime)
      timer.unref()
      socket.once('close', () => clearTimeout(timer))
    } else socket.end(() => socket.destroy())
  }

  /** An AsyncCallback hears of it. */
  #tell(event: 'open' | 'message' | 'close', value: unknown): void {
    this.#listeners.emit(event, undefined, value)
  }
}

function readClosing(value: unknown): Closing {
  const options = value === undefined || value === null ? {} : objectParameter(value, 'options')
  return {
    code:
      optionalMember(options, 'code', 'options', (code, field) => integerParameter(code, field, 0, 65_535)) ??
      1000,
    reason: optionalMember(options, 'reason', 'options', textParameter) ?? '',
  }
}

/** Codes below 1000, and those that no frame may have, are told as 1000 (RFC 6455, section 7.4). */
function sendable(code: number): number {
  return code < 1000 || code === 1005 || code === 1006 || code === 1015 ? 1000 : code
}

/** @throws FrameError for bytes that are no UTF-8 */
function textOf(payload: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
  } catch {
    throw new FrameError(1007, 'a text is no UTF-8')
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the server is gone'
}

import type { Fd } from '@vpnext/native'
import { ConnectionError } from './errors.ts'
import type { CallMode, Message, ReplyMessage } from './message.ts'
import { closeAll } from './outbox.ts'
import { closeStrangers } from './received-fds.ts'
import type { PreparedCall } from './reply.ts'
import { Wire, type WireLimits } from './wire.ts'

/** One reply as it came. */
export interface RawReply {
  readonly message: ReplyMessage
  readonly fds: Fd[]
}

/** What one call hears. */
export interface ReplyListener {
  /** A reply; its descriptors are the listener's. After one that does not continue, nothing follows. */
  reply(reply: RawReply): void
  lost(reason: ConnectionError): void
}

/** One connection to a public socket, with one call at a time. */
export class ClientConnection {
  readonly #wire: Wire
  readonly #onClosed: () => void
  #waiting: { readonly listener: ReplyListener; readonly many: boolean } | undefined

  /** @param fd owned by the connection from now on */
  constructor(fd: Fd, limits: WireLimits, onClosed: () => void) {
    this.#onClosed = onClosed
    this.#wire = new Wire(fd, limits, {
      message: (message, fds) => this.#receive(message, fds),
      ended: () => this.close(),
      closed: (reason) => this.#closed(reason),
    })
  }

  get isClosed(): boolean {
    return this.#wire.isClosed
  }

  /**
   * Starts a call. On a closed connection it is lost at once.
   *
   * @throws ConnectionError `too-large`, RangeError for parameters nested too deeply; the connection is unharmed
   */
  start(
    { qualified, parameters, fds }: PreparedCall<unknown>,
    mode: 'once' | 'more',
    listener: ReplyListener,
  ): void
  start(call: PreparedCall<unknown>, mode: 'oneway'): void
  start(
    { qualified, parameters, fds }: PreparedCall<unknown>,
    mode: CallMode,
    listener?: ReplyListener,
  ): void {
    if (this.#wire.isClosed) {
      closeAll(fds)
      listener?.lost(new ConnectionError('closed', 'the connection is gone'))
      return
    }
    this.#waiting = listener && { listener, many: mode === 'more' }
    try {
      this.#wire.send(
        { kind: 'call', id: undefined, method: qualified, parameters, mode, fds: fds.length },
        fds,
      )
    } catch (error) {
      this.#waiting = undefined
      throw error
    }
  }

  /** Resolves when everything has been sent. */
  drained(): Promise<void> {
    return this.#wire.drained()
  }

  pause(): void {
    this.#wire.pause()
  }

  resume(): void {
    this.#wire.resume()
  }

  close(reason: ConnectionError = new ConnectionError('closed', 'the connection was closed')): void {
    this.#wire.close(reason)
  }

  #receive(message: Message, fds: Fd[]): void {
    const waiting = this.#waiting
    if (message.kind !== 'reply' || waiting === undefined || (message.continues && !waiting.many)) {
      closeStrangers(fds)
      this.#wire.close(new ConnectionError('malformed', 'a message that answers no call'))
      return
    }
    if (!message.continues) this.#waiting = undefined
    waiting.listener.reply({ message, fds })
  }

  #closed(reason: ConnectionError): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#onClosed()
    waiting?.listener.lost(reason)
  }
}

import type { Fd } from '@vpnext/native'
import type { CallContext, Dispatcher, ErrorReporter } from './dispatch.ts'
import { ConnectionError } from './errors.ts'
import type { PeerIdentity } from './handler.ts'
import type { CallMessage, Message } from './message.ts'
import { closeStrangers } from './received-fds.ts'
import type { UserTurn } from './user-turn.ts'
import { Wire, type WireLimits } from './wire.ts'

/** Calls that may wait for the one before them; with more, the connection is not read until they are fewer. */
const maxWaitingCalls = 16

/** How often a connection that is not read is asked whether anybody is still there, ms. */
const probeInterval = 500

/** What a {@link ServerConnection} needs. */
export interface ServerConnectionOptions {
  readonly peer: PeerIdentity
  readonly dispatcher: Dispatcher
  readonly limits: WireLimits
  /** Shared by all connections of the peer's user. */
  readonly turn: UserTurn
  readonly report: ErrorReporter
  closed(): void
}

/** One client of a public socket. Its calls run one after the other, so that the replies come in their order. */
export class ServerConnection {
  readonly #options: ServerConnectionOptions
  readonly #wire: Wire
  readonly #gone = new AbortController()
  readonly #waiting: { message: CallMessage; fds: readonly Fd[] }[] = []
  readonly #context: CallContext
  #busy = false
  #lastCallRead = false
  #probe: NodeJS.Timeout | undefined

  /** @param fd owned by the connection from now on, like `options.peer.pidfd` */
  constructor(fd: Fd, options: ServerConnectionOptions) {
    this.#options = options
    const events = {
      message: (message: Message, fds: Fd[]) => this.#receive(message, fds),
      ended: () => this.#ended(),
      closed: (reason: ConnectionError) => this.#closed(reason),
    }
    this.#wire = new Wire(fd, options.limits, events, options.turn)
    this.#context = {
      connection: { signal: this.#gone.signal, close: () => this.close() },
      peer: options.peer,
      signal: this.#gone.signal,
      drained: () => this.#wire.drained(),
    }
  }

  close(): void {
    this.#wire.close(new ConnectionError('closed', 'closed by this end'))
  }

  #receive(message: Message, fds: Fd[]): void {
    if (message.kind !== 'call') {
      closeStrangers(fds)
      this.#wire.close(new ConnectionError('malformed', `a ${message.kind} instead of a call`))
      return
    }
    this.#waiting.push({ message, fds })
    if (this.#waiting.length > maxWaitingCalls) {
      this.#wire.pause()
      this.#watchOver()
    }
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    for (;;) {
      if (this.#waiting.length > 0) await this.#options.turn.call()
      const next = this.#waiting.shift()
      if (next === undefined) break
      await this.#run(next.message, next.fds)
      if (this.#waiting.length <= maxWaitingCalls / 2) this.#readAgain()
    }
    this.#busy = false
    if (this.#lastCallRead) await this.#finish()
  }

  #run(message: CallMessage, fds: readonly Fd[]): Promise<void> {
    return this.#options.dispatcher.run(message, fds, this.#context, {
      reply: (parameters, continues, replyFds) =>
        this.#wire.send(
          { kind: 'reply', id: undefined, fds: replyFds.length, error: undefined, parameters, continues },
          replyFds,
        ),
      fail: ({ error, parameters }) =>
        this.#wire.send({ kind: 'reply', id: undefined, fds: 0, error, parameters, continues: false }),
    })
  }

  /** The client sends no more. It may be gone, or wait for the answers with its sending side closed, as socat does. */
  #ended(): void {
    this.#lastCallRead = true
    if (this.#wire.isPeerGone()) this.close()
    else if (this.#busy) this.#watchOver()
    else void this.#finish()
  }

  async #finish(): Promise<void> {
    await this.#wire.drained()
    this.close()
  }

  #readAgain(): void {
    if (this.#lastCallRead) return
    clearInterval(this.#probe)
    this.#probe = undefined
    this.#wire.resume()
  }

  #watchOver(): void {
    this.#probe ??= setInterval(() => {
      if (this.#wire.isPeerGone()) this.close()
    }, probeInterval)
  }

  #closed(reason: ConnectionError): void {
    clearInterval(this.#probe)
    this.#gone.abort(reason)
    for (const { fds } of this.#waiting.splice(0)) closeStrangers(fds)
    this.#options.peer.pidfd?.close()
    if (reason.code !== 'closed') this.#options.report(reason, 'connection')
    this.#options.closed()
  }
}

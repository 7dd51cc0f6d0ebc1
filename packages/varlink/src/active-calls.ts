import type { Fd } from '@vpnext/native'
import { CallMap } from './call-map.ts'
import type { CallContext, Dispatcher } from './dispatch.ts'
import { ConnectionError } from './errors.ts'
import type { Connection, PeerIdentity } from './handler.ts'
import { LateAbort } from './late-abort.ts'
import type { CallMessage } from './message.ts'
import { closeStrangers } from './received-fds.ts'
import type { Wire } from './wire.ts'

/** Calls of the other end that may be worked on at a time; one more closes the channel. */
const maxActiveCalls = 4096
/** Their bytes, which are kept as long as they are worked on; one call alone may have any number. */
const maxActiveBytes = 64 * 1024 * 1024

/** The calls of the other end of a private channel that are being worked on, all at the same time. */
export class ActiveCalls {
  readonly #wire: Wire
  readonly #dispatcher: Dispatcher
  readonly #peer: PeerIdentity | undefined
  readonly #connection: Connection
  readonly #gone = new AbortController()
  readonly #byId = new CallMap<LateAbort>()
  #count = 0
  #bytes = 0

  constructor(wire: Wire, dispatcher: Dispatcher, peer: PeerIdentity | undefined) {
    this.#wire = wire
    this.#dispatcher = dispatcher
    this.#peer = peer
    this.#connection = {
      signal: this.#gone.signal,
      close: () => wire.close(new ConnectionError('closed', 'closed by this end')),
    }
  }

  /** Begins to answer a call; an id that is in use, or none where an answer is wanted, closes the wire. */
  start(message: CallMessage, fds: readonly Fd[], size: number): void {
    const offence = this.#offence(message, size)
    if (offence !== undefined) {
      closeStrangers(fds)
      this.#wire.close(offence)
      return
    }
    if (message.mode === 'oneway' && fds.length === 0) this.#tell(message, size)
    else void this.#run(message, fds, size)
  }

  /** The other end does not wait for that answer any more. One that has been sent meanwhile is no matter. */
  cancel(id: number | undefined): void {
    if (id !== undefined) this.#byId.get(id)?.abort(new ConnectionError('closed', 'the caller gave up'))
  }

  /** The channel is gone. */
  end(reason: ConnectionError): void {
    this.#gone.abort(reason)
    for (const call of this.#byId.values()) call.abort(reason)
  }

  #offence({ id, mode }: CallMessage, size: number): ConnectionError | undefined {
    if (this.#count >= maxActiveCalls) {
      return new ConnectionError('too-many-calls', `more than ${maxActiveCalls} calls at a time`)
    }
    if (this.#count > 0 && this.#bytes + size > maxActiveBytes) {
      return new ConnectionError('too-many-calls', `calls of more than ${maxActiveBytes} bytes at a time`)
    }
    if (mode !== 'oneway' && (id === undefined || this.#byId.has(id))) {
      return new ConnectionError('malformed', 'a call without an id of its own')
    }
    return undefined
  }

  #tell(message: CallMessage, size: number): void {
    const done = this.#dispatcher.tell(
      message,
      new ActiveCall(this.#connection, this.#peer, this.#gone, this.#wire),
    )
    if (done !== undefined) void this.#countUntil(done, size)
  }

  async #countUntil(done: Promise<void>, size: number): Promise<void> {
    this.#count += 1
    this.#bytes += size
    await done
    this.#count -= 1
    this.#bytes -= size
  }

  async #run(message: CallMessage, fds: readonly Fd[], size: number): Promise<void> {
    const { id, mode } = message
    const abort = mode === 'oneway' ? this.#gone : new LateAbort()
    if (id !== undefined && abort instanceof LateAbort) this.#byId.set(id, abort)
    this.#count += 1
    this.#bytes += size
    await this.#dispatcher.run(
      message,
      fds,
      new ActiveCall(this.#connection, this.#peer, abort, this.#wire),
      {
        reply: (parameters, continues, replyFds) => {
          if (!continues) this.#forget(id)
          this.#wire.send(
            { kind: 'reply', id, fds: replyFds.length, error: undefined, parameters, continues },
            replyFds,
          )
        },
        fail: ({ error, parameters }) => {
          this.#forget(id)
          this.#wire.send({ kind: 'reply', id, fds: 0, error, parameters, continues: false })
        },
      },
    )
    this.#count -= 1
    this.#bytes -= size
  }

  /** Before the answer leaves: the other end may use the id again as soon as it has it. */
  #forget(id: number | undefined): void {
    if (id !== undefined) this.#byId.delete(id)
  }
}

/** What surrounds one call. */
class ActiveCall implements CallContext {
  readonly connection: Connection
  readonly peer: PeerIdentity | undefined
  readonly #abort: { readonly signal: AbortSignal }
  readonly #wire: Wire

  constructor(
    connection: Connection,
    peer: PeerIdentity | undefined,
    abort: { readonly signal: AbortSignal },
    wire: Wire,
  ) {
    this.connection = connection
    this.peer = peer
    this.#abort = abort
    this.#wire = wire
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  drained(): Promise<void> {
    return this.#wire.drained()
  }
}

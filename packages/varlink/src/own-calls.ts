import type { RawReply } from './client-connection.ts'
import { whenAborted } from './abort.ts'
import { CallMap } from './call-map.ts'
import { ConnectionError } from './errors.ts'
import { closeAll } from './outbox.ts'
import { closeStrangers } from './received-fds.ts'
import { checkReply, type PreparedCall, type Reply } from './reply.ts'
import type { Wire } from './wire.ts'

/** A call whose last reply has not come: somebody waits for it, or nobody does any more. */
type Open =
  | { readonly kind: 'awaited'; resolve(reply: RawReply): void; reject(reason: Error): void }
  | { readonly kind: 'abandoned' }

/** The calls that this end of a private channel has made, by their ids. */
export class OwnCalls {
  readonly #wire: Wire
  readonly #open = new CallMap<Open>()
  #lastId = 0

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** Sends a call and waits for its reply. */
  async call<Out>(prepared: PreparedCall<Out>, signal: AbortSignal | undefined): Promise<Reply<Out>> {
    if (this.#wire.isClosed) {
      closeAll(prepared.fds)
      throw new ConnectionError('closed', `${prepared.qualified}: the channel is closed`)
    }
    this.#lastId += 1
    const id = this.#lastId
    const aborting = whenAborted(signal, (reason) => this.#abandon(id, reason))
    try {
      return checkReply(prepared, await this.#exchange(id, prepared))
    } finally {
      aborting[Symbol.dispose]()
    }
  }

  /** Takes a reply of the other end. One that answers no open call closes the wire. */
  settle(reply: RawReply): void {
    const { id, continues } = reply.message
    const open = id === undefined ? undefined : this.#open.get(id)
    if (id === undefined || open === undefined || continues) {
      closeStrangers(reply.fds)
      this.#wire.close(new ConnectionError('malformed', 'a reply that answers no call'))
      return
    }
    this.#open.delete(id)
    if (open.kind === 'awaited') open.resolve(reply)
    else closeStrangers(reply.fds)
  }

  /** Fails what waits. */
  end(reason: ConnectionError): void {
    for (const open of this.#open.values()) if (open.kind === 'awaited') open.reject(reason)
    this.#open.clear()
  }

  #exchange(id: number, { qualified, parameters, fds }: PreparedCall<unknown>): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      this.#open.set(id, { kind: 'awaited', resolve, reject })
      try {
        this.#wire.send(
          { kind: 'call', id, method: qualified, parameters, mode: 'once', fds: fds.length },
          fds,
        )
      } catch (error) {
        this.#open.delete(id)
        throw error
      }
    })
  }

  #abandon(id: number, reason: Error): void {
    const open = this.#open.get(id)
    if (open?.kind !== 'awaited') return
    this.#open.set(id, { kind: 'abandoned' })
    open.reject(reason)
    this.#wire.send({ kind: 'cancel', id, fds: 0 })
  }
}

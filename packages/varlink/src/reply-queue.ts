import type { ClientConnection, RawReply, ReplyListener } from './client-connection.ts'
import type { ConnectionError } from './errors.ts'
import { closeStrangers } from './received-fds.ts'

/** Replies that may wait for the reader of a stream; with more, the connection is not read until they are fewer. */
const maxWaitingReplies = 64

/** The replies of one stream, between the connection and whoever iterates. */
export class ReplyQueue implements ReplyListener {
  readonly #connection: ClientConnection
  readonly #waiting: RawReply[] = []
  #lost: Error | undefined
  #wake: (() => void) | undefined

  constructor(connection: ClientConnection) {
    this.#connection = connection
  }

  reply(reply: RawReply): void {
    this.#waiting.push(reply)
    if (this.#waiting.length >= maxWaitingReplies) this.#connection.pause()
    this.#wake?.()
  }

  /** {@link next} throws once the replies that are here have been taken. */
  lost(reason: ConnectionError): void {
    this.#fail(reason)
  }

  /** {@link next} throws at once, and the connection is closed, which is how the handler learns it. */
  giveUp(reason: Error): void {
    this.clear()
    this.#fail(reason)
    this.#connection.close()
  }

  /** The next reply; one reader at a time. */
  async next(): Promise<RawReply> {
    for (;;) {
      const reply = this.#waiting.shift()
      if (reply !== undefined) {
        if (this.#waiting.length <= maxWaitingReplies / 2) this.#connection.resume()
        return reply
      }
      if (this.#lost !== undefined) throw this.#lost
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Drops what nobody will read. */
  clear(): void {
    for (const { fds } of this.#waiting.splice(0)) closeStrangers(fds)
  }

  #fail(reason: Error): void {
    this.#lost ??= reason
    this.#wake?.()
  }
}

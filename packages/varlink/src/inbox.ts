import { ConnectionError } from './errors.ts'
import { Framer } from './framer.ts'
import { maxFdsPerMessage } from './limits.ts'
import { hasMoreValues } from './message-weight.ts'
import { decodeMessage, type Message } from './message.ts'

/**
 * Puts messages and descriptors together again. The kernel may deliver the bytes of earlier messages in one read with
 * the descriptors of a later one, so a read says nothing about which message a descriptor belongs to: they queue up,
 * and each message says how many it takes.
 */
export class Inbox<F> {
  readonly #framer: Framer
  readonly #maxValues: number
  #fds: F[] = []
  #closed = false

  /**
   * @param limit most bytes of one message
   * @param maxValues most values of one message; from whom one trusts any number
   */
  constructor(limit: number, maxValues: number = Infinity) {
    this.#framer = new Framer(limit)
    this.#maxValues = maxValues
  }

  /**
   * Takes what one read gave.
   *
   * @param deliver gets each finished message with its descriptors, which are its own from then on, and its bytes
   * @throws ConnectionError `malformed`, `too-large` or `bad-descriptors`; the messages before are delivered
   */
  push(
    bytes: Uint8Array,
    fds: readonly F[],
    deliver: (message: Message, fds: F[], size: number) => void,
  ): void {
    if (fds.length === 0 && this.#fds.length === 0 && this.#framer.isWhole(bytes)) {
      const message = this.#decode(bytes.subarray(0, -1))
      if (message.fds > 0) throw tooFewFds(message.fds, 0)
      deliver(message, [], bytes.length)
      return
    }
    this.#fds.push(...fds)
    for (const frame of this.#framer.push(bytes)) {
      const message = this.#decode(frame)
      if (message.fds > this.#fds.length) throw tooFewFds(message.fds, this.#fds.length)
      deliver(message, this.#fds.splice(0, message.fds), frame.length)
      if (this.#closed) return
    }
    // Descriptors travel with the first byte of their message: with none unfinished, nobody will claim them.
    const claimable = this.#framer.unfinished > 0 ? maxFdsPerMessage : 0
    if (this.#fds.length > claimable) {
      throw new ConnectionError('bad-descriptors', `${this.#fds.length} descriptors that no message claims`)
    }
  }

  #decode(bytes: Uint8Array): Message {
    if (hasMoreValues(bytes, this.#maxValues))
      throw new ConnectionError('too-large', `a message has more than ${this.#maxValues} values`)
    return decodeMessage(bytes)
  }

  /** Ends deliveries, and returns the descriptors that nobody has claimed. */
  close(): F[] {
    this.#closed = true
    return this.#fds.splice(0)
  }
}

function tooFewFds(claimed: number, came: number): ConnectionError {
  return new ConnectionError('bad-descriptors', `a message claims ${claimed} descriptors, ${came} came`)
}

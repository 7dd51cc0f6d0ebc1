import { setImmediate } from 'node:timers'
import type { Peer } from './peer.ts'

/**
 * Flow control for large messages on a private channel: a message is sent when those before it have left this process, in
 * the order in which turns were asked for. So an other end that does not read slows down whoever writes to it, and little waits
 * in the channel, which more than 4 MiB would close.
 */
export class SendTurns {
  readonly #peer: Pick<Peer, 'drained'>
  #last: Promise<void> = Promise.resolve()

  constructor(peer: Pick<Peer, 'drained'>) {
    this.#peer = peer
  }

  /** Resolves when it is one's turn. The message, or the answer of a handler, is to be sent within this turn of the loop. */
  take(): Promise<void> {
    const mine = this.#last.then(() => this.#peer.drained())
    this.#last = mine.then(() => new Promise((resolve) => setImmediate(resolve)))
    return mine
  }
}

import { errnoNumber, SystemError } from '../../system-error.ts'
import { NLM_F_DUMP_INTR, NLMSG_DONE, NLMSG_ERROR } from './constants.ts'
import { linkIndexOf } from './link-index.ts'
import { readAcknowledgement, readMessages } from './message-reader.ts'
import type { Acknowledgement, NetlinkMessage } from './message-reader.ts'
import { MessageWriter } from './message-writer.ts'
import type { NetlinkSocket } from './socket.ts'

/**
 * Requests per send. Each is answered with a buffer of 768 to 1280 bytes of kernel memory; 128 of them fit the default
 * receive queue (212992 bytes), which is what a user namespace gets.
 */
const WINDOW = 128
/** How often a dump is begun again because the table changed meanwhile. */
const DUMP_ATTEMPTS = 20
/** What became of a request that was not answered. */
const done: Acknowledgement = { errno: 0, text: undefined }
const EINTR = errnoNumber('EINTR')
const EPROTO = errnoNumber('EPROTO')

/** Requests and their answers on one netlink socket, which nobody else uses. Everything happens within the call. */
export class Conversation implements Disposable {
  readonly #socket: NetlinkSocket
  #sequence = 0
  /** Answers of a request that failed may still be queued. */
  #isUnread = false

  constructor(socket: NetlinkSocket) {
    this.#socket = socket
  }

  /**
   * Sends requests in windows, of which the kernel answers the last one, and those that fail: a datagram less for each other.
   *
   * @param write writes request `index` (0..count-1), with NLM_F_ACK, under the given sequence number. All are written
   * before the first is sent: what it throws leaves the kernel as it was
   * @param onAnswer gets what became of each, in order; when it returns false no further window is sent
   * @throws SystemError
   */
  transact(
    count: number,
    write: (writer: MessageWriter, index: number, sequence: number) => void,
    onAnswer: (index: number, answer: Acknowledgement) => boolean,
  ): void {
    const writer = new MessageWriter()
    const first = this.#reserve(count)
    for (let index = 0; index < count; index++) write(writer, index, first + index)
    for (let index = 0; index < count; index += WINDOW) {
      const last = Math.min(index + WINDOW, count)
      writer.acknowledgeFailuresOnly(index, last - 1)
      this.#send(writer.messages(index, last))
      if (!this.#acknowledgements(first, index, last, onAnswer)) return
    }
  }

  /**
   * Asks for everything of a kind.
   *
   * @param write writes the request, with NLM_F_DUMP, under the given sequence number
   * @param read makes a result of a message, or undefined to leave it out
   * @throws SystemError EINTR when the table changes faster than it can be read
   */
  dump<Item>(
    write: (writer: MessageWriter, sequence: number) => void,
    read: (message: NetlinkMessage) => Item | undefined,
  ): Item[] {
    for (let attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
      const sequence = this.#reserve(1)
      const items = this.#dumpOnce(write, sequence, read)
      if (items !== undefined) return items
    }
    throw new SystemError(EINTR, 'netlink dump', { detail: 'the table changed during every attempt' })
  }

  /** Asks for one thing. @returns what the kernel answered: the thing, or an acknowledgement with an errno */
  ask<Item>(
    write: (writer: MessageWriter, sequence: number) => void,
    read: (message: NetlinkMessage) => Item | undefined,
  ): Item | Acknowledgement {
    const sequence = this.#reserve(1)
    this.#sendOne(write, sequence)
    for (;;) {
      for (const message of this.#next(sequence)) {
        if (message.type === NLMSG_ERROR) return readAcknowledgement(message, true)
        const item = read(message)
        if (item !== undefined) return item
      }
    }
  }

  /** The index of a link of the socket's namespace. @throws SystemError ENODEV, RangeError */
  linkIndex(name: string): number {
    return linkIndexOf(this.#socket.fd, name)
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]()
  }

  #reserve(count: number): number {
    if (this.#sequence + count > 0xffff_ffff) this.#sequence = 0
    const first = this.#sequence + 1
    this.#sequence += count
    if (this.#isUnread) this.#socket.drain()
    return first
  }

  #send(messages: Uint8Array): void {
    this.#isUnread = true
    this.#socket.send(messages)
  }

  #sendOne(write: (writer: MessageWriter, sequence: number) => void, sequence: number): void {
    const writer = new MessageWriter()
    write(writer, sequence)
    this.#send(writer.messages(0, 1))
  }

  /** The messages of the next datagram that carry one of the expected sequence numbers. */
  #next(first: number, last: number = first): NetlinkMessage[] {
    const length = this.#socket.receive()
    if (length === undefined) {
      throw new SystemError(EPROTO, 'netlink', { detail: 'the kernel left a request unanswered' })
    }
    const messages = [...readMessages(this.#socket.buffer, length)]
    return messages.filter(({ sequence }) => sequence >= first && sequence <= last)
  }

  #acknowledgements(
    first: number,
    from: number,
    to: number,
    onAnswer: (index: number, answer: Acknowledgement) => boolean,
  ): boolean {
    const answers = new Map<number, Acknowledgement>()
    while (!answers.has(to - 1)) {
      for (const message of this.#next(first + from, first + to - 1)) {
        if (message.type === NLMSG_ERROR)
          answers.set(message.sequence - first, readAcknowledgement(message, true))
      }
    }
    this.#isUnread = false
    let goOn = true
    for (let index = from; index < to; index++) {
      if (!onAnswer(index, answers.get(index) ?? done)) goOn = false
    }
    return goOn
  }

  #dumpOnce<Item>(
    write: (writer: MessageWriter, sequence: number) => void,
    sequence: number,
    read: (message: NetlinkMessage) => Item | undefined,
  ): Item[] | undefined {
    this.#sendOne(write, sequence)
    const items: Item[] = []
    let interrupted = false
    for (;;) {
      for (const message of this.#next(sequence)) {
        if ((message.flags & NLM_F_DUMP_INTR) !== 0) interrupted = true
        if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
          const { errno, text } = readAcknowledgement(message, message.type === NLMSG_ERROR)
          this.#isUnread = false
          if (errno === 0) return interrupted ? undefined : items
          throw new SystemError(errno, 'netlink dump', text === undefined ? {} : { detail: text })
        }
        const item = read(message)
        if (item !== undefined) items.push(item)
      }
    }
  }
}

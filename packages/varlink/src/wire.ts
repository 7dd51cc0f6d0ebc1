import { type Fd, type FdWatch, receiveMessage, sendMessage, SystemError, watchFd } from '@vpnext/native'
import { ConnectionError } from './errors.ts'
import { Inbox } from './inbox.ts'
import { chunkBytes, maxWaitingBytes } from './limits.ts'
import { encodeMessage, type Message } from './message.ts'
import { closeAll, Outbox } from './outbox.ts'
import { closeStrangers } from './received-fds.ts'
import type { UserTurn } from './user-turn.ts'

/** Reads of one turn of the event loop, so that one busy peer does not keep the others waiting: 1 MiB. */
const readsPerTurn = 16

/** How often a half-closed connection is tried again, ms: poll(2) reports it ready all the time and is of no use. */
const retryInterval = 20

/** One for all: a read is taken apart before the next one begins. */
const readBuffer = new Uint8Array(chunkBytes)

/** What the owner of a {@link Wire} hears. */
export interface WireEvents {
  /** A message; its descriptors are the owner's from now on. `size` in bytes. */
  message(message: Message, fds: Fd[], size: number): void
  /** The other end sends no more; it may still read. */
  ended(): void
  /** Once, at the end. */
  closed(reason: ConnectionError): void
}

/** Sizes that a {@link Wire} keeps. Of messages and what waits: bytes. */
export interface WireLimits {
  readonly maxMessageBytes: number
  readonly maxWaitingBytes?: number
  /** Values of one received message; absent: any number. */
  readonly maxMessageValues?: number
}

/** One connected Unix socket, stream or seqpacket, that carries messages and descriptors both ways. */
export class Wire {
  readonly #fd: Fd
  readonly #events: WireEvents
  readonly #limits: WireLimits
  readonly #turn: UserTurn | undefined
  readonly #inbox: Inbox<Fd>
  readonly #outbox = new Outbox()
  readonly #drained: (() => void)[] = []
  #watch: FdWatch | undefined
  #retry: NodeJS.Timeout | undefined
  #state: 'reading' | 'paused' | 'ended' | 'closed' = 'reading'
  #hungUp = false

  /**
   * @param fd owned by the wire from now on
   * @param turn shared with others that are not to take more time than one
   */
  constructor(fd: Fd, limits: WireLimits, events: WireEvents, turn?: UserTurn) {
    this.#fd = fd
    this.#turn = turn
    this.#events = events
    this.#limits = limits
    this.#inbox = new Inbox(limits.maxMessageBytes, limits.maxMessageValues)
    this.#arm()
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /**
   * Sends a message, now or when the kernel takes it. On a closed wire: closes the descriptors, nothing else.
   *
   * @param fds given away: closed once sent, or when they cannot be
   * @throws ConnectionError `too-large`, RangeError for parameters nested too deeply; the wire is unharmed
   */
  send(message: Message, fds: readonly Fd[] = []): void {
    if (this.#state === 'closed') return closeAll(fds)
    let bytes: Uint8Array
    try {
      bytes = encodeMessage(message)
      if (bytes.length - 1 > this.#limits.maxMessageBytes) {
        throw new ConnectionError(
          'too-large',
          `a message is longer than ${this.#limits.maxMessageBytes} bytes`,
        )
      }
    } catch (error) {
      closeAll(fds)
      throw error
    }
    if (this.#outbox.bytesBehind > (this.#limits.maxWaitingBytes ?? maxWaitingBytes)) {
      closeAll(fds)
      this.close(
        new ConnectionError('too-slow', `${this.#outbox.bytes} bytes wait for a peer that does not read`),
      )
      return
    }
    const idle = this.#outbox.bytes === 0
    const left = idle && fds.length === 0 && bytes.length <= chunkBytes ? this.#sendAtOnce(bytes) : bytes
    if (left.length === 0) return
    this.#outbox.add(left, fds)
    if (idle) this.#flush()
  }

  /** Resolves when nothing waits to be sent, or the wire is closed. */
  drained(): Promise<void> {
    if (this.#outbox.bytes === 0) return Promise.resolve()
    return new Promise((resolve) => this.#drained.push(resolve))
  }

  /** Stops reading; messages that are already here are still delivered. */
  pause(): void {
    if (this.#state !== 'reading') return
    this.#state = 'paused'
    this.#arm()
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'reading'
    this.#arm()
  }

  /** Stream sockets only: whether the other end is closed altogether, rather than for sending. */
  isPeerGone(): boolean {
    if (this.#state === 'closed') return true
    try {
      sendMessage(this.#fd, new Uint8Array(0))
      return false
    } catch (error) {
      if (error instanceof SystemError) return true
      throw error
    }
  }

  /** Ends the connection; what waits to be sent is lost. Again: nothing. */
  close(reason: ConnectionError): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    clearTimeout(this.#retry)
    this.#watch?.[Symbol.dispose]()
    this.#outbox.clear()
    // The socket too: descriptors of the other end may still lie in it, and are closed with it.
    closeStrangers([...this.#inbox.close(), this.#fd])
    for (const resolve of this.#drained.splice(0)) resolve()
    this.#events.closed(reason)
  }

  #arm(): void {
    clearTimeout(this.#retry)
    if (this.#state === 'closed') return
    const interest = { readable: this.#state === 'reading', writable: this.#outbox.bytes > 0 }
    const unwatchable = this.#hungUp && !interest.readable
    if (unwatchable || (!interest.readable && !interest.writable)) {
      this.#unwatch()
      if (interest.writable) this.#retry = setTimeout(() => this.#flush(), retryInterval)
    } else if (this.#watch === undefined) {
      this.#watch = watchFd(this.#fd, interest, ({ disconnect }) => this.#ready(disconnect))
    } else {
      this.#watch.update(interest)
    }
  }

  #ready(disconnect: boolean): void {
    this.#hungUp ||= disconnect
    // Otherwise the descriptor is still ready in the next turn; a watch that has told of an error which nobody reads has ended.
    const mayRead = this.#turn?.mayRead !== false
    if (disconnect && !mayRead) this.#unwatch()
    if (this.#outbox.bytes > 0 || disconnect) this.#flush()
    if (this.#state !== 'reading' || !mayRead) return
    if (this.#turn === undefined) this.#read()
    else this.#turn.read(() => this.#read())
  }

  #unwatch(): void {
    this.#watch?.[Symbol.dispose]()
    this.#watch = undefined
  }

  /** @returns what the kernel did not take; nothing when the wire is closed now */
  #sendAtOnce(bytes: Uint8Array): Uint8Array {
    let left = bytes
    this.#guarded(() => {
      const taken = sendMessage(this.#fd, bytes)
      if (taken !== 'again') left = bytes.subarray(taken)
    })
    return this.isClosed ? bytes.subarray(bytes.length) : left
  }

  #flush(): void {
    const before = this.#outbox.bytes
    this.#guarded(() => this.#outbox.flush((bytes, fds) => sendMessage(this.#fd, bytes, fds)))
    if (this.#outbox.bytes === 0) for (const resolve of this.#drained.splice(0)) resolve()
    if (before > 0 || this.#hungUp) this.#arm()
  }

  #read(): void {
    this.#guarded(() => {
      for (let count = 0; count < readsPerTurn && this.#state === 'reading'; count += 1) {
        const got = receiveMessage(this.#fd, readBuffer)
        if (got === 'again') return
        if (got.truncated) {
          closeStrangers(got.fds)
          throw new ConnectionError(
            'bad-descriptors',
            'more descriptors or a longer record than may come at once',
          )
        }
        if (got.length === 0) return this.#end(got.fds)
        this.#inbox.push(readBuffer.subarray(0, got.length), got.fds, (message, fds, size) =>
          this.#events.message(message, fds, size),
        )
        // Most likely all of it; if not, the descriptor is still ready in the next turn.
        if (got.length < readBuffer.length) return
      }
    })
  }

  #end(fds: readonly Fd[]): void {
    closeStrangers(fds)
    this.#state = 'ended'
    this.#hungUp = true
    this.#arm()
    this.#events.ended()
  }

  /** Runs what talks to the socket; the kernel's errors and the peer's offences close the wire. */
  #guarded(action: () => void): void {
    try {
      action()
    } catch (error) {
      if (error instanceof ConnectionError) {
        this.close(error)
      } else if (error instanceof SystemError) {
        this.close(new ConnectionError('closed', 'the connection is gone', { cause: error }))
      } else {
        throw error
      }
    }
  }
}

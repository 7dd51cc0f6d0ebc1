import { whenAborted } from './abort.ts'
import type { ClientConnection } from './client-connection.ts'
import { ConnectionPool } from './connection-pool.ts'
import { ConnectionError } from './errors.ts'
import type { AnyInterface, MethodInput, MethodName, MethodOutput, StreamMethodName } from './interface.ts'
import { maxMessageBytes } from './limits.ts'
import { closeAll } from './outbox.ts'
import { ReplyQueue } from './reply-queue.ts'
import {
  type CallOptions,
  checkReply,
  isEmptyEnd,
  type PreparedCall,
  prepareCall,
  type Reply,
} from './reply.ts'

/** What {@link connectVarlink} takes. */
export interface ConnectOptions {
  /** Closes the client. */
  readonly signal?: AbortSignal
  /** Most bytes of one message, either way. Default 16 MiB. */
  readonly maxMessageBytes?: number
}

/**
 * A client of one socket. Calls at the same time go over connections of their own, so that none waits for another and
 * each can be given up; a call finds a lost connection replaced.
 */
export interface VarlinkClient extends AsyncDisposable {
  /**
   * Calls a method.
   *
   * @throws VarlinkError what the method answers instead; InvalidValueError or RangeError before anything is sent
   * @throws ConnectionError when no valid answer comes; SystemError when the service is gone
   * @throws `signal.reason`
   */
  call<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options?: CallOptions,
  ): Promise<Reply<MethodOutput<I, M>>>
  /**
   * Calls a method for a stream of replies; the call is made by the first step of the loop. Leaving the loop ends the
   * stream at the other end too. Throws like `call`.
   */
  stream<I extends AnyInterface, M extends StreamMethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options?: CallOptions,
  ): AsyncGenerator<Reply<MethodOutput<I, M>>, void>
  /** Calls a method without waiting for an answer; resolves when the call has left this process. */
  oneway<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options?: CallOptions,
  ): Promise<void>
  /** Closes every connection; calls that wait fail with ConnectionError `closed`. Again: nothing. */
  close(): Promise<void>
}

/**
 * Connects to a Varlink service.
 *
 * @param path of its Unix stream socket, at most 107 bytes
 * @throws SystemError ENOENT, EACCES, ECONNREFUSED, or EAGAIN when its backlog stays full for 5 s
 */
export async function connectVarlink(path: string, options: ConnectOptions = {}): Promise<VarlinkClient> {
  const client = new Client(path, options)
  await client.open(options.signal)
  return client
}

class Client implements VarlinkClient {
  readonly #pool: ConnectionPool
  readonly #abort: Disposable

  constructor(path: string, options: ConnectOptions) {
    this.#pool = new ConnectionPool(path, { maxMessageBytes: options.maxMessageBytes ?? maxMessageBytes })
    this.#abort = whenAborted(options.signal, () => this.#end())
  }

  /** Makes the first connection, so that a service that is not there is noticed. */
  async open(signal: AbortSignal | undefined): Promise<void> {
    try {
      this.#pool.release(await this.#pool.acquire(signal))
    } catch (error) {
      this.#end()
      throw error
    }
  }

  async call<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    { signal, fds }: CallOptions = {},
  ): Promise<Reply<MethodOutput<I, M>>> {
    signal?.throwIfAborted()
    const prepared = prepareCall(iface, method, parameters, fds)
    const connection = await this.#acquire(prepared, signal)
    const queue = new ReplyQueue(connection)
    const aborting = whenAborted(signal, (reason) => queue.giveUp(reason))
    try {
      connection.start(prepared, 'once', queue)
      return checkReply(prepared, await queue.next())
    } finally {
      aborting[Symbol.dispose]()
      this.#pool.release(connection)
    }
  }

  async *stream<I extends AnyInterface, M extends StreamMethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    { signal, fds }: CallOptions = {},
  ): AsyncGenerator<Reply<MethodOutput<I, M>>, void> {
    signal?.throwIfAborted()
    const prepared = prepareCall(iface, method, parameters, fds)
    const connection = await this.#acquire(prepared, signal)
    const queue = new ReplyQueue(connection)
    const aborting = whenAborted(signal, (reason) => queue.giveUp(reason))
    let complete = false
    try {
      connection.start(prepared, 'more', queue)
      while (!complete) {
        const raw = await queue.next()
        complete = !raw.message.continues
        if (isEmptyEnd(prepared, raw)) return
        yield checkReply(prepared, raw)
      }
    } finally {
      aborting[Symbol.dispose]()
      queue.clear()
      if (!complete) connection.close()
      this.#pool.release(connection)
    }
  }

  async oneway<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    { signal, fds }: CallOptions = {},
  ): Promise<void> {
    signal?.throwIfAborted()
    const prepared = prepareCall(iface, method, parameters, fds)
    const connection = await this.#acquire(prepared, signal)
    try {
      connection.start(prepared, 'oneway')
      await connection.drained()
      if (connection.isClosed)
        throw new ConnectionError('closed', `${prepared.qualified}: the connection was lost`)
    } finally {
      this.#pool.release(connection)
    }
  }

  close(): Promise<void> {
    this.#end()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #end(): void {
    this.#abort[Symbol.dispose]()
    this.#pool.close()
  }

  async #acquire(
    prepared: PreparedCall<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<ClientConnection> {
    try {
      return await this.#pool.acquire(signal)
    } catch (error) {
      closeAll(prepared.fds)
      throw error
    }
  }
}

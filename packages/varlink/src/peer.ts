import type { Fd } from '@vpnext/native'
import { whenAborted } from './abort.ts'
import { ActiveCalls } from './active-calls.ts'
import { Dispatcher, type ErrorReporter } from './dispatch.ts'
import { ConnectionError } from './errors.ts'
import type { Implementation, PeerIdentity } from './handler.ts'
import type { AnyInterface, MethodInput, MethodName, MethodOutput } from './interface.ts'
import { maxMessageBytes, maxMessageValues } from './limits.ts'
import type { Message } from './message.ts'
import { OwnCalls } from './own-calls.ts'
import { closeStrangers } from './received-fds.ts'
import { type CallOptions, prepareCall, type Reply } from './reply.ts'
import { reportAsWarning } from './report.ts'
import { heard, stayAwake } from './stay-awake.ts'
import { Wire } from './wire.ts'

/** What {@link createPeer} takes. */
export interface PeerOptions {
  /** What the other end may call. */
  readonly interfaces: readonly Implementation[]
  /**
   * What handlers see as `call.peer`. The kernel cannot tell: the credentials of a socket pair are those of whoever made
   * it. Without it, reading `call.peer` throws.
   */
  readonly identity?: PeerIdentity
  /** Default: a process warning. */
  readonly onError?: ErrorReporter
  /** Bytes that may wait for an other end that does not read. Default 4 MiB. */
  readonly maxWaitingBytes?: number
  /**
   * This end passes messages on, so that others wait while it wakes up: it stays awake for a moment after those that are not answered,
   * too.
   */
  readonly relays?: boolean
  /** Closes the channel. */
  readonly signal?: AbortSignal
}

/** One end of a private channel: either end calls the other, at any time, and answers may overtake each other. */
export interface Peer extends AsyncDisposable {
  /**
   * Calls a method of the other end.
   *
   * @throws VarlinkError what the method answers instead; InvalidValueError or RangeError before anything is sent
   * @throws ConnectionError when no valid answer comes
   * @throws `signal.reason`; the handler learns it from its own signal, and a late answer is dropped
   */
  call<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options?: CallOptions,
  ): Promise<Reply<MethodOutput<I, M>>>
  /** Calls a method without waiting for an answer. On a closed channel: nothing. Throws like `call`, before sending. */
  oneway<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options?: Pick<CallOptions, 'fds'>,
  ): void
  /** Resolves when everything has been sent, or the channel is closed. */
  drained(): Promise<void>
  /** Resolves when the channel is closed, by whichever end. */
  readonly closed: Promise<void>
  /** Closes the channel; what waits fails with ConnectionError `closed`. Again: nothing. */
  close(): Promise<void>
}

/**
 * Opens one end of a private channel over a connected Unix socket, seqpacket or stream.
 *
 * Messages are Varlink's, with an integer `id` by which an answer finds its call, and `{"id": n, "cancel": true}` for
 * a call whose answer is not wanted any more.
 *
 * @param fd owned by the peer from now on
 * @throws `signal.reason` when aborted already; `fd` is closed then
 */
export function createPeer(fd: Fd, options: PeerOptions): Peer {
  if (options.signal?.aborted === true) fd.close()
  options.signal?.throwIfAborted()
  return new PrivatePeer(fd, options)
}

class PrivatePeer implements Peer {
  readonly closed: Promise<void>
  readonly #wire: Wire
  readonly #own: OwnCalls
  readonly #active: ActiveCalls
  readonly #report: ErrorReporter
  readonly #abort: Disposable
  #resolveClosed: () => void = () => undefined

  constructor(fd: Fd, options: PeerOptions) {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#report = options.onError ?? reportAsWarning
    const dispatcher = new Dispatcher(options.interfaces, this.#report)
    const { maxWaitingBytes } = options
    const limits = {
      maxMessageBytes,
      maxMessageValues,
      ...(maxWaitingBytes !== undefined && { maxWaitingBytes }),
    }
    this.#wire = new Wire(fd, limits, {
      message: (message, fds, size) => {
        heard()
        if (message.kind !== 'call' || message.mode !== 'oneway') stayAwake('next')
        else if (options.relays === true) stayAwake('reaction')
        this.#receive(message, fds, size)
      },
      ended: () => this.#end(),
      closed: (reason) => this.#closed(reason),
    })
    this.#own = new OwnCalls(this.#wire)
    this.#active = new ActiveCalls(this.#wire, dispatcher, options.identity)
    this.#abort = whenAborted(options.signal, () => this.#end())
  }

  async call<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options: CallOptions = {},
  ): Promise<Reply<MethodOutput<I, M>>> {
    options.signal?.throwIfAborted()
    const prepared = prepareCall(iface, method, parameters, options.fds)
    stayAwake('answer')
    return await this.#own.call(prepared, options.signal)
  }

  oneway<I extends AnyInterface, M extends MethodName<I>>(
    iface: I,
    method: M,
    parameters: MethodInput<I, M>,
    options: Pick<CallOptions, 'fds'> = {},
  ): void {
    const { qualified, parameters: checked, fds } = prepareCall(iface, method, parameters, options.fds)
    this.#wire.send(
      {
        kind: 'call',
        id: undefined,
        method: qualified,
        parameters: checked,
        mode: 'oneway',
        fds: fds.length,
      },
      fds,
    )
  }

  drained(): Promise<void> {
    return this.#wire.drained()
  }

  close(): Promise<void> {
    this.#end()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #end(): void {
    this.#wire.close(new ConnectionError('closed', 'the channel was closed'))
  }

  #receive(message: Message, fds: Fd[], size: number): void {
    switch (message.kind) {
      case 'call':
        this.#active.start(message, fds, size)
        return
      case 'cancel':
        closeStrangers(fds)
        this.#active.cancel(message.id)
        return
      case 'reply':
        this.#own.settle({ message, fds })
        return
      default:
        message satisfies never
    }
  }

  #closed(reason: ConnectionError): void {
    this.#abort[Symbol.dispose]()
    this.#active.end(reason)
    this.#own.end(reason)
    if (reason.code !== 'closed') this.#report(reason, 'connection')
    this.#resolveClosed()
  }
}

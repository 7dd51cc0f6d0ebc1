import type { Fd } from '@vpnext/native'
import type { AnyInterface, MethodInput, MethodName, MethodOutput } from './interface.ts'

/** Who is at the other end of a public socket, as the kernel recorded it when the connection was made. */
export interface PeerIdentity {
  readonly pid: number
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  /** Owned by the connection and closed with it; undefined where the kernel has no SO_PEERPIDFD (before 6.5). */
  readonly pidfd: Fd | undefined
}

/** One connection, the same object for all its calls. */
export interface Connection {
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal
  /** Closes the connection; what waits to be sent is lost. */
  close(): void
}

/** What a handler knows about the call it answers; `Out` is what one reply of a stream carries. */
export interface Call<Out = unknown> {
  /** @throws Error on a private channel that was made without an identity: there, holding the socket is the identity */
  readonly peer: PeerIdentity
  readonly connection: Connection
  /** Aborts when nobody waits for the answer any more: the connection is gone, or the caller gave up. */
  readonly signal: AbortSignal
  /** The caller wants a stream. */
  readonly more: boolean
  /** The caller wants no answer. */
  readonly oneway: boolean
  /** The descriptors that came with the call, to look at. Those not taken are closed once the handler is done. */
  readonly fds: readonly Fd[]
  /** Makes the descriptor at `index` the handler's own. @throws RangeError when there is none, or it is taken */
  takeFd(index: number): Fd
  /**
   * Sends one reply of a stream; the value the handler returns is the last one.
   *
   * @param fds given away: they are closed when sent, or when they cannot be
   * @throws VarlinkError `org.varlink.service.ExpectedMore` when the caller did not ask for a stream
   */
  reply(out: Out, fds?: readonly Fd[]): void
  /** Resolves when what was sent on this connection has left this process, or the connection is gone. */
  drained(): Promise<void>
}

/** Makes every descriptor that came with a call the handler's own. */
export function takeFds(call: Pick<Call, 'fds' | 'takeFd'>): Fd[] {
  return call.fds.map((_fd, index) => call.takeFd(index))
}

const fdsKey: unique symbol = Symbol('fds')

/** A reply that carries descriptors, made by {@link withFds}. */
export interface WithFds<Out> {
  readonly out: Out
  readonly [fdsKey]: readonly Fd[]
}

/**
 * A handler's answer with descriptors.
 *
 * @param fds given away: they are closed when sent, or when they cannot be; at most the method's `fdsOut`
 */
export function withFds<Out>(out: Out, fds: readonly Fd[]): WithFds<Out> {
  return { out, [fdsKey]: fds }
}

/** Takes apart what a handler returned. */
export function splitAnswer(answer: unknown): { out: unknown; fds: readonly Fd[] } {
  return isWithFds(answer) ? { out: answer.out, fds: answer[fdsKey] } : { out: answer, fds: [] }
}

function isWithFds(answer: unknown): answer is WithFds<unknown> {
  return typeof answer === 'object' && answer !== null && fdsKey in answer
}

type Answer<I extends AnyInterface, M extends MethodName<I>> =
  | MethodOutput<I, M>
  | (I['definition']['methods'][M] extends { readonly fdsOut: number } ? WithFds<MethodOutput<I, M>> : never)
  | (I['definition']['methods'][M] extends { readonly more: true } ? undefined : never)

/**
 * Answers one method. A thrown {@link VarlinkError} is sent; any other exception is reported to `onError` and the caller
 * gets `org.varlink.service.InternalError`. The handler of a stream may return undefined: the stream ends without a
 * last item (on the wire, a last reply with empty parameters).
 */
export type Handler<I extends AnyInterface, M extends MethodName<I>> = (
  parameters: MethodInput<I, M>,
  call: Call<MethodOutput<I, M>>,
) => Answer<I, M> | Promise<Answer<I, M>>

/** One handler for every method of an interface. */
export type Handlers<I extends AnyInterface> = { readonly [M in MethodName<I>]: Handler<I, M> }

/** A handler as the dispatcher calls it. */
export type UntypedHandler = (parameters: unknown, call: Call) => unknown

/** An interface and what answers it, made by {@link implement}. */
export interface Implementation {
  readonly interface: AnyInterface
  readonly handlers: ReadonlyMap<string, UntypedHandler>
}

/**
 * Binds handlers to an interface.
 *
 * @param handlers one function for every method; a missing one is a compile error (and a TypeError at run time)
 */
export function implement<I extends AnyInterface>(iface: I, handlers: Handlers<I>): Implementation {
  const byName = new Map<string, UntypedHandler>()
  for (const name of Object.keys(iface.definition.methods)) {
    const handler: unknown = Reflect.get(handlers, name)
    if (typeof handler !== 'function') throw new TypeError(`${iface.name}.${name} has no handler`)
    byName.set(name, (parameters, call): unknown => Reflect.apply(handler, handlers, [parameters, call]))
  }
  return { interface: iface, handlers: byName }
}

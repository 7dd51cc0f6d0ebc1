import type { Fd } from '@vpnext/native'
import { conform, InvalidValueError } from './conform.ts'
import { standardErrors, VarlinkError } from './errors.ts'
import {
  type Call,
  type Connection,
  type Implementation,
  type PeerIdentity,
  splitAnswer,
  type UntypedHandler,
} from './handler.ts'
import type { MethodDefinition } from './interface.ts'
import type { CallMessage } from './message.ts'
import { closeAll } from './outbox.ts'
import { ReceivedFds } from './received-fds.ts'

/**
 * Hears of what a handler threw that was no {@link VarlinkError}, of an answer that does not fit its interface, and of
 * connections that ended for another reason than being closed. The other end hears nothing of it.
 *
 * @param where the qualified method, or `connection`
 */
export type ErrorReporter = (error: unknown, where: string) => void

/** Where the answers to one call go. */
export interface AnswerSink {
  /** @param fds given away */
  reply(parameters: object, continues: boolean, fds: readonly Fd[]): void
  fail(error: VarlinkError): void
}

/** What surrounds a call. */
export interface CallContext {
  readonly connection: Connection
  readonly peer: PeerIdentity | undefined
  readonly signal: AbortSignal
  drained(): Promise<void>
}

const noFds = new ReceivedFds([])
/** Of a call that wants no answers. */
const unheard: AnswerSink = { reply: () => undefined, fail: () => undefined }

/** A method and what answers it. */
interface Target {
  readonly handler: UntypedHandler
  readonly method: MethodDefinition
}

/** Finds and runs handlers, checks both directions, and answers each call exactly once, unless it is `oneway`. */
export class Dispatcher {
  readonly #interfaces: ReadonlySet<string>
  /** By qualified name. */
  readonly #targets = new Map<string, Target>()
  readonly #report: ErrorReporter

  /** @throws TypeError when two implementations share an interface name */
  constructor(implementations: readonly Implementation[], report: ErrorReporter) {
    this.#interfaces = new Set(implementations.map((one) => one.interface.name))
    this.#report = report
    if (this.#interfaces.size < implementations.length)
      throw new TypeError('interfaces: a name appears twice')
    for (const { interface: iface, handlers } of implementations) {
      for (const [name, handler] of handlers) {
        const method = iface.definition.methods[name]
        if (method !== undefined) this.#targets.set(`${iface.name}.${name}`, { handler, method })
      }
    }
  }

  /** Resolves when the call is answered and its descriptors are taken or closed; never rejects. */
  async run(message: CallMessage, fds: readonly Fd[], context: CallContext, sink: AnswerSink): Promise<void> {
    const received = new ReceivedFds(fds)
    try {
      await this.#answer(message, received, context, sink)
    } catch (error) {
      const expected = error instanceof VarlinkError
      if (!expected) this.#report(error, message.method)
      if (message.mode !== 'oneway') sink.fail(expected ? error : standardErrors.internalError())
    } finally {
      received.closeRest()
    }
  }

  /**
   * Runs the handler of a `oneway` call without descriptors: nobody waits, so there is nothing to be made for an answer.
   *
   * @returns undefined when the handler is done; otherwise what resolves then. Never throws or rejects
   */
  tell(message: CallMessage, context: CallContext): Promise<void> | undefined {
    const failed = (error: unknown): void => {
      if (!(error instanceof VarlinkError)) this.#report(error, message.method)
    }
    try {
      const { handler, method } = this.#find(message.method)
      const out = new Answers(message, method, unheard)
      const done = handler(
        checkInput(method, message.parameters),
        new HandlerCall(message, noFds, context, out),
      )
      return done instanceof Promise ? done.then(() => undefined, failed) : undefined
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  async #answer(
    message: CallMessage,
    received: ReceivedFds,
    context: CallContext,
    sink: AnswerSink,
  ): Promise<void> {
    const { handler, method } = this.#find(message.method)
    if (received.list.length > (method.fdsIn ?? 0)) throw standardErrors.invalidParameter('fds')
    const parameters = checkInput(method, message.parameters)
    const out = new Answers(message, method, sink)
    const answer = splitAnswer(await handler(parameters, new HandlerCall(message, received, context, out)))
    out.finish(answer.out, answer.fds)
  }

  #find(qualified: string): Target {
    const target = this.#targets.get(qualified)
    if (target !== undefined) return target
    const interfaceName = qualified.slice(0, Math.max(qualified.lastIndexOf('.'), 0))
    if (!this.#interfaces.has(interfaceName)) throw standardErrors.interfaceNotFound(interfaceName)
    throw standardErrors.methodNotFound(qualified)
  }
}

function checkInput(method: MethodDefinition, parameters: object): object {
  try {
    return conform(method.in, parameters, '')
  } catch (error) {
    if (error instanceof InvalidValueError) throw standardErrors.invalidParameter(error.field)
    throw error
  }
}

/** A class rather than a literal: an object with accessors of its own takes long to make. */
class HandlerCall implements Call {
  readonly connection: Connection
  readonly more: boolean
  readonly oneway: boolean
  readonly fds: readonly Fd[]
  readonly #received: ReceivedFds
  readonly #context: CallContext
  readonly #out: Answers

  constructor(message: CallMessage, received: ReceivedFds, context: CallContext, out: Answers) {
    this.connection = context.connection
    this.more = message.mode === 'more'
    this.oneway = message.mode === 'oneway'
    this.fds = received.list
    this.#received = received
    this.#context = context
    this.#out = out
  }

  get peer(): PeerIdentity {
    if (this.#context.peer === undefined) throw new Error('peer: this channel was made without an identity')
    return this.#context.peer
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  takeFd(index: number): Fd {
    return this.#received.take(index)
  }

  reply(value: unknown, fds: readonly Fd[] = []): void {
    this.#out.item(value, fds)
  }

  drained(): Promise<void> {
    return this.#context.drained()
  }
}

/** The answers to one call, checked against its method. */
class Answers {
  readonly #message: CallMessage
  readonly #method: MethodDefinition
  readonly #sink: AnswerSink
  #finished = false

  constructor(message: CallMessage, method: MethodDefinition, sink: AnswerSink) {
    this.#message = message
    this.#method = method
    this.#sink = sink
  }

  /** One item of a stream. */
  item(value: unknown, fds: readonly Fd[]): void {
    this.#guard(fds, () => {
      if (this.#finished) throw new Error(`${this.#message.method}: a reply after the last one`)
      if (this.#message.mode !== 'more' || this.#method.more !== true) throw standardErrors.expectedMore()
      this.#sink.reply(this.#check(value, fds), true, fds)
    })
  }

  /** The last answer, or the only one. */
  finish(value: unknown, fds: readonly Fd[]): void {
    this.#guard(fds, () => {
      this.#finished = true
      const endsEmpty = value === undefined && this.#method.more === true && this.#message.mode === 'more'
      const parameters = endsEmpty ? {} : this.#check(value, fds)
      if (this.#message.mode === 'oneway') closeAll(fds)
      else this.#sink.reply(parameters, false, fds)
    })
  }

  #check(value: unknown, fds: readonly Fd[]): object {
    if (fds.length > (this.#method.fdsOut ?? 0)) {
      throw new RangeError(`${this.#message.method}: ${fds.length} descriptors in a reply`)
    }
    return conform(this.#method.out, value, 'reply')
  }

  /** Descriptors are given away in any case, so they are closed when they cannot be sent. */
  #guard(fds: readonly Fd[], action: () => void): void {
    try {
      action()
    } catch (error) {
      closeAll(fds)
      throw error
    }
  }
}

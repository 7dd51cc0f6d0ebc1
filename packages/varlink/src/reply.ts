import type { Fd } from '@vpnext/native'
import { conform, InvalidValueError } from './conform.ts'
import { ConnectionError, VarlinkError } from './errors.ts'
import type { AnyInterface, MethodDefinition, MethodInput, MethodName, MethodOutput } from './interface.ts'
import type { RawReply } from './client-connection.ts'
import { closeAll } from './outbox.ts'
import { closeStrangers } from './received-fds.ts'

/** What a call gives. */
export interface Reply<Out> {
  readonly parameters: Out
  /** The caller's own, to be closed by the caller; always empty for a method without `fdsOut`. */
  readonly fds: Fd[]
}

/** Options of one call. */
export interface CallOptions {
  /** Gives the call up; the handler at the other end learns it from its own signal. */
  readonly signal?: AbortSignal
  /** Sent along; they stay the caller's, and may be closed as soon as the call has been made. */
  readonly fds?: readonly Fd[]
}

/** A call that is checked and ready to be sent. */
export interface PreparedCall<Out> {
  /** Method with its interface. */
  readonly qualified: string
  readonly definition: MethodDefinition
  readonly parameters: object
  /** Duplicates, owned by whoever sends them. */
  readonly fds: readonly Fd[]
  /** Checks the parameters of a reply. @throws InvalidValueError */
  checkOutput(parameters: object): Out
}

/**
 * Checks a call before anything is sent.
 *
 * @throws InvalidValueError naming the member that does not fit; RangeError for more descriptors than the method takes
 */
export function prepareCall<I extends AnyInterface, M extends MethodName<I>>(
  iface: I,
  method: M,
  input: MethodInput<I, M>,
  fds: readonly Fd[] = [],
): PreparedCall<MethodOutput<I, M>> {
  const definition = iface.definition.methods[method]
  if (definition === undefined) throw new TypeError(`${iface.name} has no method ${method}`)
  const qualified = qualifiedName(iface, method)
  const most = definition.fdsIn ?? 0
  if (fds.length > most) throw new RangeError(`fds: ${qualified} takes ${most} at most, not ${fds.length}`)
  const parameters = conform(definition.in, input, '')
  return {
    qualified,
    definition,
    parameters,
    fds: duplicate(fds),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- conform() is what makes it one
    checkOutput: (output) => conform(definition.out, output, '') as MethodOutput<I, M>,
  }
}

/** By interface and method: to put a name together each time costs more than to find it. */
const qualifiedNames = new WeakMap<AnyInterface, Map<string, string>>()

function qualifiedName(iface: AnyInterface, method: string): string {
  const ofInterface = qualifiedNames.get(iface) ?? new Map<string, string>()
  const known = ofInterface.get(method)
  if (known !== undefined) return known
  const made = `${iface.name}.${method}`
  qualifiedNames.set(iface, ofInterface.set(method, made))
  return made
}

function duplicate(fds: readonly Fd[]): Fd[] {
  const copies: Fd[] = []
  try {
    for (const fd of fds) copies.push(fd.dup())
    return copies
  } catch (error) {
    closeAll(copies)
    throw error
  }
}

/**
 * Checks a reply.
 *
 * @throws VarlinkError when it is an error of the other end
 * @throws ConnectionError `invalid-reply` when it does not fit the method; its descriptors are closed
 */
export function checkReply<Out>(call: PreparedCall<Out>, { message, fds }: RawReply): Reply<Out> {
  const { definition, qualified } = call
  try {
    if (message.error !== undefined) throw new VarlinkError(message.error, message.parameters)
    if (fds.length > (definition.fdsOut ?? 0)) {
      throw new ConnectionError('invalid-reply', `${qualified}: ${fds.length} descriptors in the reply`)
    }
    return { parameters: call.checkOutput(message.parameters), fds }
  } catch (error) {
    closeStrangers(fds)
    if (!(error instanceof InvalidValueError)) throw error
    throw new ConnectionError('invalid-reply', `${qualified}: in the reply, ${error.message}`, {
      cause: error,
    })
  }
}

/** Whether a reply only says that a stream is over: the last one, without parameters where some are due. */
export function isEmptyEnd({ definition }: PreparedCall<unknown>, { message }: RawReply): boolean {
  if (message.continues || message.error !== undefined || Object.keys(message.parameters).length > 0)
    return false
  return Object.values(definition.out).some(({ shape }) => shape.kind !== 'maybe')
}

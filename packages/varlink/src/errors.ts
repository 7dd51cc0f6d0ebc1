import { conform } from './conform.ts'
import type { AnyInterface, ErrorName, ErrorParameters } from './interface.ts'

/** An error of an interface, sent by one end and thrown at the other. */
export class VarlinkError extends Error {
  override readonly name = 'VarlinkError'
  /** Qualified name, e.g. `io.example.NotFound`. */
  readonly error: string
  /** What it carries; from the other end, so not to be trusted. {@link isVarlinkError} checks it. */
  readonly parameters: object

  constructor(error: string, parameters: object = {}, options?: ErrorOptions) {
    super(`${error} ${JSON.stringify(parameters)}`, options)
    this.error = error
    this.parameters = parameters
  }
}

/** Makes an error of an interface, with its parameters checked by the compiler and at run time. */
export function varlinkError<I extends AnyInterface, E extends ErrorName<I>>(
  iface: I,
  error: E,
  parameters: ErrorParameters<I, E>,
  options?: ErrorOptions,
): VarlinkError {
  const fields = iface.definition.errors?.[error] ?? {}
  return new VarlinkError(`${iface.name}.${error}`, conform(fields, parameters, error), options)
}

/** Whether `value` is that error of that interface, and carries what the interface says. */
export function isVarlinkError<I extends AnyInterface, E extends ErrorName<I>>(
  value: unknown,
  iface: I,
  error: E,
): value is VarlinkError & { readonly parameters: ErrorParameters<I, E> } {
  if (!(value instanceof VarlinkError) || value.error !== `${iface.name}.${error}`) return false
  try {
    conform(iface.definition.errors?.[error] ?? {}, value.parameters, error)
    return true
  } catch {
    return false
  }
}

/**
 * Why a connection ended, or never worked:
 * - `closed`: the other end is gone, or this end closed it;
 * - `malformed`: no JSON, no UTF-8, or no message of the protocol;
 * - `too-large`: a message above the limit;
 * - `too-slow`: the other end does not read, and more waits for it than may;
 * - `bad-descriptors`: descriptors that no message claims, or a message that claims some that did not come;
 * - `too-many-calls`: more calls at a time than a private channel allows;
 * - `invalid-reply`: an answer that the interface does not allow; only the call fails, the connection lives on.
 */
export type ConnectionErrorCode =
  'closed' | 'malformed' | 'too-large' | 'too-slow' | 'bad-descriptors' | 'too-many-calls' | 'invalid-reply'

/** A call that cannot be answered, because of the connection rather than the method. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly code: ConnectionErrorCode

  constructor(code: ConnectionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The errors of `org.varlink.service`, and ours for a handler that failed. https://varlink.org/Service */
export const standardErrors = {
  interfaceNotFound: (name: string): VarlinkError =>
    new VarlinkError('org.varlink.service.InterfaceNotFound', { interface: name }),
  methodNotFound: (method: string): VarlinkError =>
    new VarlinkError('org.varlink.service.MethodNotFound', { method }),
  invalidParameter: (parameter: string): VarlinkError =>
    new VarlinkError('org.varlink.service.InvalidParameter', { parameter }),
  expectedMore: (): VarlinkError => new VarlinkError('org.varlink.service.ExpectedMore'),
  internalError: (): VarlinkError => new VarlinkError('org.varlink.service.InternalError'),
}

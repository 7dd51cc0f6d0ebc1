import { businessErrorOf } from './service-errors.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { publicInterface } from '@vpnext/service/protocol'
import { ConnectionError, isVarlinkError } from '@vpnext/varlink'

/** A mistake or refusal that the person at the terminal can act on: a message, a hint, an exit code, no stack. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure'
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  /** For `--json`: what programs may look at. */
  readonly details: object

  constructor(exitCode: ExitCode, message: string, options: { hint?: string; details?: object; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.exitCode = exitCode
    this.hint = options.hint
    this.details = options.details ?? {}
  }
}

/** Ability errors of the document that mean "there is no such thing". */
const notFoundCodes = new Set([16000001, 16000002])
/** Those that mean "you may not". */
const refusedCodes = new Set([201, 202, 16000006, 16000008, 2203001])

/**
 * Turns whatever a verb threw into what a person should read.
 *
 * @returns a CliFailure, or undefined when the error is a fault of ours and its stack is worth showing
 */
export function explainFailure(error: unknown): CliFailure | undefined {
  if (error instanceof CliFailure) return error
  const business = businessErrorOf(error)
  if (business !== undefined) {
    const { code, message, field, reason, hint } = business
    const exitCode = notFoundCodes.has(code)
      ? exitCodes.notFound
      : refusedCodes.has(code)
        ? exitCodes.refused
        : exitCodes.failure
    const text = [`${message.replace(/\.$/, '')} (${code})`, field, reason].filter((part) => part !== undefined)
    return new CliFailure(exitCode, text.join(': '), { ...(hint === undefined ? {} : { hint }), details: business })
  }
  if (isVarlinkError(error, publicInterface, 'NotPermitted')) {
    return new CliFailure(exitCodes.refused, `not permitted: ${error.parameters.reason}`)
  }
  if (isVarlinkError(error, publicInterface, 'NoSuchBundle')) {
    const hint = 'vpnext list shows what is installed'
    return new CliFailure(exitCodes.notFound, `no bundle ${error.parameters.bundleName} is installed`, { hint })
  }
  if (isVarlinkError(error, publicInterface, 'NoSuchRequest')) {
    return new CliFailure(exitCodes.notFound, `nothing is recorded for ${error.parameters.bundleName}`)
  }
  if (isVarlinkError(error, publicInterface, 'InvalidBundle')) {
    const { field, reason } = error.parameters
    return new CliFailure(exitCodes.failure, `the service refuses the bundle: ${field}: ${reason}`)
  }
  if (error instanceof ConnectionError) {
    return new CliFailure(exitCodes.noService, `the service hung up: ${error.message}`, {
      hint: 'its own messages say why; `vpnext doctor` looks at what it left',
      cause: error,
    })
  }
  return undefined
}

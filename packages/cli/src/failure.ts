import { SystemError } from '@vpnext/native'
import { publicInterface } from '@vpnext/service/protocol'
import { ConnectionError, isVarlinkError } from '@vpnext/varlink'
import { CliFailure } from './cli-failure.ts'
import { exitCodes } from './exit-codes.ts'
import { businessErrorOf } from './service-errors.ts'

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
  return explainServiceAnswer(error) ?? explainConnection(error) ?? explainSystem(error)
}

function explainServiceAnswer(error: unknown): CliFailure | undefined {
  const business = businessErrorOf(error)
  if (business !== undefined) {
    const { code, message, field, reason, hint } = business
    const exitCode = notFoundCodes.has(code)
      ? exitCodes.notFound
      : refusedCodes.has(code)
        ? exitCodes.refused
        : exitCodes.failure
    const text = [`${message.replace(/\.$/, '')} (${code})`, field, reason].filter(
      (part) => part !== undefined,
    )
    return new CliFailure(exitCode, text.join(': '), {
      ...(hint === undefined ? {} : { hint }),
      details: business,
    })
  }
  if (isVarlinkError(error, publicInterface, 'NotPermitted')) {
    return new CliFailure(exitCodes.refused, `not permitted: ${error.parameters.reason}`)
  }
  if (isVarlinkError(error, publicInterface, 'NoSuchBundle')) {
    const hint = 'vpnext list shows what is installed'
    return new CliFailure(exitCodes.notFound, `no bundle ${error.parameters.bundleName} is installed`, {
      hint,
    })
  }
  if (isVarlinkError(error, publicInterface, 'NoSuchRequest')) {
    const { bundleName } = error.parameters
    return new CliFailure(exitCodes.notFound, `${bundleName} has other code than the one that was meant`, {
      hint: 'vpnext list --json shows the hash of its code',
    })
  }
  if (isVarlinkError(error, publicInterface, 'NoControlGroups')) {
    const message = `programs cannot be told from each other here: ${error.parameters.reason}`
    return new CliFailure(exitCodes.unsupported, message)
  }
  if (isVarlinkError(error, publicInterface, 'MachineRefused')) {
    return new CliFailure(exitCodes.failure, `the service cannot do it here: ${error.parameters.reason}`)
  }
  if (isVarlinkError(error, publicInterface, 'InvalidFile')) {
    const { field, reason } = error.parameters
    return new CliFailure(exitCodes.failure, `the service refuses the file: ${field}: ${reason}`)
  }
  if (isVarlinkError(error, publicInterface, 'InvalidBundle')) {
    const { field, reason } = error.parameters
    return new CliFailure(exitCodes.failure, `the service refuses the bundle: ${field}: ${reason}`)
  }
  return undefined
}

function explainConnection(error: unknown): CliFailure | undefined {
  if (!(error instanceof ConnectionError)) return undefined
  return new CliFailure(exitCodes.noService, `the service hung up: ${error.message}`, {
    hint: 'its own messages say why; `vpnext doctor` looks at what it left',
    cause: error,
  })
}

/** What is wrong with a folder of the service. By name: loading their packages would double the start of every verb. */
const placeErrors = new Set(['ServiceError', 'JournalError'])

/** What the machine, the files on it or another service on it refuse. */
function explainSystem(error: unknown): CliFailure | undefined {
  if (isSuppressed(error)) return explainFailure(error.suppressed)
  if (error instanceof Error && placeErrors.has(error.name)) {
    return new CliFailure(exitCodes.failure, error.message, { cause: error })
  }
  if (!(error instanceof SystemError) && !isNodeSystemError(error)) return undefined
  const isRefused = error.code === 'EACCES' || error.code === 'EPERM'
  return new CliFailure(isRefused ? exitCodes.refused : exitCodes.failure, error.message, { cause: error })
}

/** A failure whose cleaning up failed too, as `using` makes it: the first one is the news. */
function isSuppressed(error: unknown): error is Error & { readonly suppressed: unknown } {
  return error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error
}

/** An error of node's own system calls, which names the call and the path. */
function isNodeSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

import { errorText } from '@vpnext/native'
import { type Command, CommanderError } from 'commander'
import { CliFailure } from './cli-failure.ts'
import type { CliContext } from './context.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { Interruption } from './interruption.ts'
import { visibleLines } from './text/visible.ts'
import { joinParameterPairs } from './verbs/start-parameters.ts'

/** Makes a command line of the verbs that are needed. */
export type MakeProgram = (context: CliContext) => Command

/**
 * Runs one command line of a program.
 *
 * @param args without the interpreter and the script
 * @returns the exit code; what a person should read has been written to the context's streams
 */
export async function runProgram(
  args: readonly string[],
  context: CliContext,
  make: MakeProgram,
): Promise<ExitCode> {
  try {
    await performProgram(args, context, make)
    return exitCodes.success
  } catch (error) {
    return await reportFailure(error, args, context)
  }
}

/** Runs one command line as {@link runProgram} does, but throws why it fails. */
export async function performProgram(
  args: readonly string[],
  context: CliContext,
  make: MakeProgram,
): Promise<void> {
  await make(context).parseAsync(joinParameterPairs(args), { from: 'user' })
}

async function reportFailure(
  error: unknown,
  args: readonly string[],
  context: CliContext,
): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success
  // Whatever else failed then, failed because of it.
  const reason: unknown = context.signal.aborted ? context.signal.reason : error
  if (context.signal.aborted || error instanceof Interruption) return reportInterruption(reason, context)
  // What explains failures takes longer to load than most verbs to run.
  const { explainFailure } = await import('./failure.ts')
  const failure = error instanceof CommanderError ? usageFailure(error) : explainFailure(error)
  if (failure === undefined) {
    context.stderr.write(`vpnext: this is a fault of vpnext, please report it:\n${stackOf(error)}\n`)
    return exitCodes.failure
  }
  const { printed } = failure
  if (asksForJson(args) && (printed === 'nothing' || printed === 'the message')) printJson(failure, context)
  if (printed === 'nothing' || printed === 'the result') {
    context.stderr.write(`${failure.plain ? '' : 'vpnext: '}${visibleLines(failure.message)}\n`)
    if (failure.hint !== undefined) context.stderr.write(`  ${visibleLines(failure.hint)}\n`)
  }
  return failure.exitCode
}

function reportInterruption(reason: unknown, { stderr }: CliContext): ExitCode {
  if (reason instanceof Interruption && reason.by === 'output-closed') return exitCodes.success
  if (reason instanceof Interruption && reason.by === 'output-failed') return exitCodes.failure
  // The parent says it.
  if (reason instanceof Interruption && reason.by === 'parent') return exitCodes.interrupted
  stderr.write(`vpnext: ${errorText(reason)}\n`)
  return exitCodes.interrupted
}

/** commander has told the person. */
function usageFailure(error: CommanderError): CliFailure {
  return new CliFailure(exitCodes.usage, error.message.replace(/^error: /, ''), { printed: 'the message' })
}

function printJson(failure: CliFailure, context: CliContext): void {
  const { message, exitCode, hint, details } = failure
  const value = { error: { message, exitCode, ...(hint === undefined ? {} : { hint }), ...details } }
  context.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** What follows `--` belongs to the command that `exec` runs. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

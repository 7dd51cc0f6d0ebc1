import { CommanderError } from 'commander'
import type { CliContext } from './context.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { explainFailure } from './failure.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command line.
 *
 * @param args without the interpreter and the script, e.g. `['status', '--json']`
 * @returns the exit code; what a person should read has been written to the context's streams
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' })
    return exitCodes.success
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    if (context.signal.aborted && error === context.signal.reason) return exitCodes.failure
    const failure = explainFailure(error)
    if (failure === undefined) {
      context.stderr.write(`vpnext: this is a fault of vpnext, please report it:\n${stackOf(error)}\n`)
      return exitCodes.failure
    }
    if (args.includes('--json')) {
      const value = { error: { message: failure.message, exitCode: failure.exitCode, ...failure.details } }
      context.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
    }
    context.stderr.write(`vpnext: ${failure.message}\n`)
    if (failure.hint !== undefined) context.stderr.write(`  ${failure.hint}\n`)
    return failure.exitCode
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

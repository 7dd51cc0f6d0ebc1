import type { CliContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { performProgram, runProgram } from './run-program.ts'

/**
 * Runs one command line.
 *
 * @param args without the interpreter and the script, e.g. `['status', '--json']`
 * @returns the exit code; what a person should read has been written to the context's streams
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  return await runProgram(args, context, createProgram)
}

/** Runs one command line as {@link runCli} does, but throws why it fails: for verbs that are made of others. */
export async function performVerb(args: readonly string[], context: CliContext): Promise<void> {
  await performProgram(args, context, createProgram)
}

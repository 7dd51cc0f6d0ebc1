/**
 * The `vpnext` command as a function, for programs and tests.
 *
 * @example
 * ```ts
 * import { runCli } from '@vpnext/cli'
 *
 * const code = await runCli(['status', '--json'], {
 *   stdin: process.stdin,
 *   stdout: process.stdout,
 *   stderr: process.stderr,
 *   env: process.env,
 *   signal: AbortSignal.timeout(10_000),
 * })
 * ```
 * @packageDocumentation
 */
export type { CliContext } from './context.ts'
export { type ExitCode, exitCodes } from './exit-codes.ts'
export { CliFailure } from './cli-failure.ts'
export { runCli } from './run-cli.ts'

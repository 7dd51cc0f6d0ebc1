import { join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'

/** What a verb may use of the process it runs in; tests hand in their own. */
export interface CliContext {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts on SIGINT, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
}

/** Options every verb that talks to a service has. */
export interface ServiceOptions {
  readonly runDir?: string
  readonly json?: boolean
}

/** Where the service listens unless told otherwise. */
export const defaultRunDir = '/run/vpnext'
/** Where the service keeps what outlives it, unless told otherwise. */
export const defaultStateDir = '/var/lib/vpnext'

/** The run directory of a verb: its option, else VPNEXT_RUN_DIR, else {@link defaultRunDir}; absolute. */
export function runDirOf(context: CliContext, options: { readonly runDir?: string }): string {
  return resolve(options.runDir || context.env['VPNEXT_RUN_DIR'] || defaultRunDir)
}

/** sockaddr_un.sun_path has 108 bytes, and the last is 0; unix(7). */
const longestSocketPath = 107

/**
 * The service's socket in the run directory of a verb.
 *
 * @throws CliFailure when its path is longer than a socket's may be
 */
export function socketPathOf(context: CliContext, options: { readonly runDir?: string }): string {
  const path = join(runDirOf(context, options), 'io.vpnext')
  const excess = Buffer.byteLength(path) - longestSocketPath
  if (excess <= 0) return path
  throw new CliFailure(
    exitCodes.usage,
    `the path of the run directory is ${excess} bytes too long for a socket in it`,
  )
}

/** The state directory of a verb: its option, else VPNEXT_STATE_DIR, else {@link defaultStateDir}; absolute. */
export function stateDirOf(context: CliContext, options: { readonly stateDir?: string }): string {
  return resolve(options.stateDir || context.env['VPNEXT_STATE_DIR'] || defaultStateDir)
}

/** Writes one result: a JSON text under --json, otherwise the lines for a person. */
export function printResult(
  context: CliContext,
  options: ServiceOptions,
  value: object,
  lines: () => string[],
): void {
  const text = options.json === true ? JSON.stringify(value, undefined, 2) : lines().join('\n')
  if (text !== '') context.stdout.write(`${text}\n`)
}

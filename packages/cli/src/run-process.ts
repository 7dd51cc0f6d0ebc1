import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { CliContext } from './context.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { verbOfProgram } from './familiar/names.ts'
import { Interruption } from './interruption.ts'
import { traceToSources } from './trace-to-sources.ts'

/** Runs the command line of this process, until its end or a signal. */
export async function runProcess(
  run: (args: readonly string[], context: CliContext) => Promise<ExitCode>,
): Promise<void> {
  traceToSources()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort(new Interruption(process.connected ? 'parent' : signal)))
  }
  // Only a demo that runs itself again in a user namespace has such a channel: signals do not pass unshare(1).
  process.once('disconnect', () => stop.abort(new Interruption('parent')))
  process.channel?.unref()
  // It may have closed while modules were loaded; without one there is no such property.
  if ('connected' in process && !process.connected) stop.abort(new Interruption('parent'))
  watchOutput(stop)
  surviveHangUp()
  process.exitCode = await run([...verbOfProgram(process.argv[1]), ...process.argv.slice(2)], {
    // Opened by who reads it.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
  })
}

/** Output that nobody takes ends a verb; what it would say besides, a service's log above all, is lost then, and no more. */
function watchOutput(stop: AbortController): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      stop.abort(new Interruption('output-closed'))
      return
    }
    // What a terminal that has gone answers, perhaps before the signal of that is seen.
    if (error.code === 'EIO' && process.stdout.isTTY) {
      stop.abort(new Interruption('SIGHUP'))
      return
    }
    if (!stop.signal.aborted) process.stderr.write(`vpnext: standard output: ${error.message}\n`)
    stop.abort(new Interruption('output-failed'))
    // The verb may be done by now.
    process.once('exit', () => (process.exitCode = exitCodes.failure))
  })
  process.stderr.on('error', () => undefined)
}

/**
 * At its end node gives a terminal the settings of its start back, and aborts where it cannot because the terminal has gone
 * (ResetStdio in src/node.cc). What is closed it leaves alone.
 */
function surviveHangUp(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  process.once('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd)
  })
}

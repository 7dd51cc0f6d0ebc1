import type { CliContext } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
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
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      stop.abort(new Interruption('output-closed'))
    })
  }
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

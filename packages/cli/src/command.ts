import { verbOfProgram } from './familiar/names.ts'
import { Interruption } from './interruption.ts'
import { runCli } from './run-cli.ts'

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

/** The bundle is CommonJS, which has no `await` of its own. */
async function main(): Promise<void> {
  process.exitCode = await runCli([...verbOfProgram(process.argv[1]), ...process.argv.slice(2)], {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
  })
}

void main()

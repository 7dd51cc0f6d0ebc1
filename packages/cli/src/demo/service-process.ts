import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** The real service as a process of its own in the client's namespace. */
export interface ServiceProcess extends AsyncDisposable {
  /** Ends it with SIGTERM and waits; its last lines are in the failure when it did not end well. */
  stop(): Promise<void>
}

/** Where the service has its things, as the options of `vpnext service run` name them. */
export interface ServicePlace {
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
  readonly instance: string
}

/** The script that node runs, next to this one once compiled; tests run from source against the compiled one. */
const mainScript = fileURLToPath(import.meta.url).replace(/\/(src|dist)\/demo\/[^/]+$/, '/dist/main.js')
/** A service that is not up by then will not come up, in ms. */
const startTimeout = 30_000
/** One that has not ended by then hangs: extensions get 10 s for onDestroy. In ms. */
const stopTimeout = 30_000

/**
 * Starts `vpnext service run` in a namespace and waits until it listens. It is in a session of its own, so that Ctrl-C at
 * the terminal leaves the order of stopping to the caller.
 *
 * @throws CliFailure with the service's own last lines when it does not come up
 * @throws the signal's reason when it aborts meanwhile; the service has ended then
 */
export async function startServiceProcess(
  namespace: Namespace,
  { runDir, stateDir, resolvConf, instance }: ServicePlace,
  signal: AbortSignal,
): Promise<ServiceProcess> {
  const where = [
    '--run-dir',
    runDir,
    '--state-dir',
    stateDir,
    '--resolv-conf',
    resolvConf,
    '--instance',
    instance,
  ]
  const child = namespace.spawn(process.execPath, [mainScript, 'service', 'run', ...where], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const lines: string[] = []
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, name) => resolve(code === null ? String(name) : `code ${code}`))
  })
  const ready = new Promise<boolean>((resolve) => {
    if (child.stderr === null) throw new TypeError('no pipe to the service')
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 50) lines.shift()
      if (line.startsWith('vpnext service ready')) resolve(true)
    })
    child.once('exit', () => resolve(false))
    signal.addEventListener('abort', () => resolve(false), { once: true })
    setTimeout(() => resolve(false), startTimeout).unref()
  })
  const end = async (): Promise<string> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeout)
    const how = await ended
    clearTimeout(impatience)
    return how
  }
  if (!(await ready)) {
    await end()
    signal.throwIfAborted()
    throw failure('the service did not come up', lines)
  }
  return {
    async stop() {
      const how = await end()
      if (how !== 'code 0') throw failure(`the service ended with ${how}`, lines)
    },
    // What it made outside the namespace goes only if it ends by itself.
    [Symbol.asyncDispose]: async () => void (await end()),
  }
}

function failure(message: string, lines: readonly string[]): CliFailure {
  return new CliFailure(exitCodes.failure, [message, ...lines].join('\n    '))
}

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'

/** The real service as a process of its own in the client's namespace. */
export interface ServiceProcess extends AsyncDisposable {
  /** Ends it with SIGTERM and waits; its last lines are in the failure when it did not end well. */
  stop(): Promise<void>
}

export interface ServiceFolders {
  /** Its own, so that a service that runs on this machine keeps its cgroups and tables. */
  readonly instance: string
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
}

/** The script that node runs, next to this one once compiled; tests run from source against the compiled one. */
const mainScript = fileURLToPath(import.meta.url).replace(/\/(src|dist)\/demo\/[^/]+$/, '/dist/main.js')
/** A service that is not up by then will not come up, in ms. */
const startTimeout = 30_000

/**
 * Starts `vpnext service run` in a namespace and waits until it listens.
 *
 * @throws CliFailure with the service's own last lines when it does not come up
 */
export async function startServiceProcess(
  namespace: Namespace,
  folders: ServiceFolders,
): Promise<ServiceProcess> {
  const { instance, runDir, stateDir, resolvConf } = folders
  const options = [
    '--instance',
    instance,
    '--run-dir',
    runDir,
    '--state-dir',
    stateDir,
    '--resolv-conf',
    resolvConf,
  ]
  const child = namespace.spawn(process.execPath, [mainScript, 'service', 'run', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  const ended = once(child, 'exit')
  const ready = new Promise<boolean>((resolve) => {
    if (child.stderr === null) throw new TypeError('no pipe to the service')
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 50) lines.shift()
      if (line.startsWith('vpnext service ready')) resolve(true)
    })
    child.once('exit', () => resolve(false))
    setTimeout(() => resolve(false), startTimeout).unref()
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
    if (child.exitCode !== 0)
      throw failure(`the service ended with ${child.exitCode ?? child.signalCode}`, lines)
  }
  if (!(await ready)) {
    child.kill('SIGKILL')
    await ended
    throw failure('the service did not come up', lines)
  }
  return {
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await ended
    },
  }
}

function failure(message: string, lines: readonly string[]): CliFailure {
  return new CliFailure(exitCodes.failure, [message, ...lines].join('\n    '))
}

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'

export interface Folders {
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
}

/** The real service, as a process of its own. */
export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number
}

/** A service that is not up by then will not come up, in ms. */
const startTimeout = 30_000

/** The compiled command line. */
const program = fileURLToPath(new URL('main.js', import.meta.resolve('@vpnext/cli')))

/**
 * `vpnext service run` in a namespace, as an administrator would start it.
 *
 * @throws Error with its last lines when it does not come up; disposing throws them when it did not end well
 */
export async function startService(
  namespace: Namespace,
  instance: string,
  folders: Folders,
): Promise<ServiceProcess> {
  const { runDir, stateDir, resolvConf } = folders
  const options = ['--run-dir', runDir, '--state-dir', stateDir, '--resolv-conf', resolvConf]
  const child = namespace.spawn(
    process.execPath,
    [program, 'service', 'run', '--instance', instance, ...options],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = once(child, 'exit')
  const lines: string[] = []
  const ready = new Promise<boolean>((resolve) => {
    if (child.stderr === null) throw new TypeError('no pipe to the service')
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 20) lines.shift()
      if (line.startsWith('vpnext service ready')) resolve(true)
    })
    child.once('exit', () => resolve(false))
    setTimeout(() => resolve(false), startTimeout).unref()
  })
  if (!(await ready) || child.pid === undefined) {
    child.kill('SIGKILL')
    await ended
    throw new Error(['the service did not come up:', ...lines].join('\n  '))
  }
  return {
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      if (child.exitCode !== 0) throw new Error(['the service did not end well:', ...lines].join('\n  '))
    },
  }
}

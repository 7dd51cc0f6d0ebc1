import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'
import { collectedLine } from './collected-line.ts'

export interface Folders {
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
}

/** The real service, as a process of its own. */
export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number
  /** Has it collect all garbage now. @throws Error where it was not started to be asked for that, or has ended */
  collect(): Promise<void>
}

/** Of node, for a service that is asked for collections. */
const collecting = [
  '--expose-gc',
  '--import',
  fileURLToPath(new URL('collect-on-signal.js', import.meta.url)),
]

/** A service that is not up by then will not come up, in ms. */
const startTimeout = 30_000

/** The compiled command line. */
const program = fileURLToPath(new URL('main.js', import.meta.resolve('@vpnext/cli')))

/**
 * `vpnext service run` in a namespace, as an administrator would start it.
 *
 * @param collects whether it will be asked to collect garbage
 * @throws Error with its last lines when it does not come up; disposing throws them when it did not end well
 */
export async function startService(
  namespace: Namespace,
  instance: string,
  folders: Folders,
  collects: boolean,
): Promise<ServiceProcess> {
  const { runDir, stateDir, resolvConf } = folders
  const options = ['--run-dir', runDir, '--state-dir', stateDir, '--resolv-conf', resolvConf]
  const child = namespace.spawn(
    process.execPath,
    [...(collects ? collecting : []), program, 'service', 'run', '--instance', instance, ...options],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = once(child, 'exit')
  const lines: string[] = []
  let collected: (() => void) | undefined
  const ready = new Promise<boolean>((resolve) => {
    if (child.stderr === null) throw new TypeError('no pipe to the service')
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line === collectedLine) return collected?.()
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
    async collect() {
      if (!collects) throw new Error('this service cannot be asked to collect garbage')
      const done = new Promise<void>((resolve) => {
        collected = resolve
      })
      child.kill('SIGUSR2')
      await Promise.race([
        done,
        ended.then(() => {
          throw new Error('the service has ended')
        }),
      ])
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
      if (child.exitCode !== 0) throw new Error(['the service did not end well:', ...lines].join('\n  '))
    },
  }
}

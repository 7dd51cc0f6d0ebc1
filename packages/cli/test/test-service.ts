import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Namespace, labAddresses } from '@vpnext/lab'
import { type Finished, type ProcessOptions, type VpnextProcess, startVpnext } from './vpnext-process.ts'

/** Where one instance of the service keeps its things; a temporary folder, removed when disposed of. */
export interface Place extends Disposable {
  readonly folder: string
  readonly runDir: string
  readonly stateDir: string
  readonly resolvConf: string
  readonly instance: string
  /** The options by which `service run` and `doctor` know them. */
  readonly options: readonly string[]
}

/** What the resolver's configuration holds before anything happens. */
export const originalResolvConf: string = `# of the lab\nnameserver ${labAddresses.router.v4}\n`

export function createPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-e2e-'))
  const runDir = join(folder, 'run')
  const stateDir = join(folder, 'state')
  const resolvConf = join(folder, 'resolv.conf')
  // Control groups belong to the machine: no other service's may be meant.
  const instance = `e2e-${randomBytes(4).toString('hex')}`
  writeFileSync(resolvConf, originalResolvConf)
  return {
    folder,
    runDir,
    stateDir,
    resolvConf,
    instance,
    options: [
      '--run-dir',
      runDir,
      '--state-dir',
      stateDir,
      '--resolv-conf',
      resolvConf,
      '--instance',
      instance,
    ],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** `vpnext service run`, as a process. */
export interface TestService extends AsyncDisposable {
  readonly place: Place
  readonly process: VpnextProcess
  /** Runs a verb against it. */
  run(args: readonly string[], options?: ProcessOptions): Promise<Finished>
  /** Starts a verb against it. */
  start(args: readonly string[], options?: ProcessOptions): VpnextProcess
  /** kill -9, and waits for its end. */
  kill(): Promise<void>
}

/**
 * Starts a service in a namespace and waits until it listens. Disposing of it stops it with SIGTERM.
 *
 * @throws Error with all it wrote when it does not come up, or, at its disposal, does not end with 0
 */
export async function startService(
  namespace: Namespace,
  place: Place,
  options: readonly string[] = [],
): Promise<TestService> {
  const args = ['service', 'run', ...place.options, ...options]
  const service = startVpnext(namespace, args, { timeoutMs: 600_000 })
  await service.waitFor('vpnext service ready')
  let killed = false
  const withRunDir = ({ env, ...rest }: ProcessOptions): ProcessOptions => ({
    ...rest,
    env: { VPNEXT_RUN_DIR: place.runDir, ...env },
  })
  return {
    place,
    process: service,
    run: (verb, more = {}) => startVpnext(namespace, verb, { input: '', ...withRunDir(more) }).finished,
    start: (verb, more = {}) => startVpnext(namespace, verb, withRunDir(more)),
    async kill() {
      killed = true
      service.kill('SIGKILL')
      await service.finished
    },
    async [Symbol.asyncDispose]() {
      if (killed) return
      service.kill('SIGTERM')
      const { code, signal, stderr } = await service.finished
      if (code !== 0) throw new Error(`the service ended with ${code ?? signal}:\n${stderr}`)
    },
  }
}

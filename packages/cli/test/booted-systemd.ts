import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'
import { cgroup2Mount } from '@vpnext/native'
import { type Finished, type ProcessOptions, startProgram } from './vpnext-process.ts'

const script = fileURLToPath(new URL('boot-systemd.sh', import.meta.url))
/** The repository, which it shows as /opt/vpnext. */
const repository = fileURLToPath(new URL('../../..', import.meta.url))
/** The command as it is called inside. */
const main = '/opt/vpnext/packages/cli/dist/main.js'

/** Ten times what a boot takes, in ms. */
const bootMs = 30_000

/** A machine that systemd runs, in the network of a namespace; see boot-systemd.sh. */
export interface BootedMachine extends AsyncDisposable {
  /** Runs a program inside as root. */
  run(command: string, args: readonly string[], options?: ProcessOptions): Promise<Finished>
  vpnext(...args: string[]): Promise<Finished>
  /** All that systemd said on its console. */
  console(): string
}

/** @throws Error with what systemd said when it does not come up */
export async function bootSystemd(network: Namespace): Promise<BootedMachine> {
  const cgroup = join(cgroup2Mount() ?? '/sys/fs/cgroup', `systemd-test-${process.pid}`)
  mkdirSync(cgroup)
  const booted = startProgram(network, 'bash', [script, cgroup, repository], { timeoutMs: 600_000 })
  const inside = (): string | undefined =>
    readFileSync(`/proc/${booted.pid}/task/${booted.pid}/children`, 'utf8').trim().split(' ')[0]
  const run: BootedMachine['run'] = (command, args, options) =>
    startProgram(
      network,
      'nsenter',
      ['--target', inside() ?? '', '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--', command, ...args],
      { input: '', ...options },
    ).finished
  const machine: BootedMachine = {
    run,
    vpnext: (...args) => run(process.execPath, [main, ...args]),
    console: () => `${booted.stdout}${booted.stderr}`,
    async [Symbol.asyncDispose]() {
      booted.kill('SIGKILL')
      await booted.finished
      await removeCgroups(cgroup)
    },
  }
  for (const late = Date.now() + bootMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const target = ['is-active', 'vpnext-test.target']
    if (inside() && (await run('systemctl', target)).stdout === 'active\n') return machine
    if (Date.now() < late) continue
    await machine[Symbol.asyncDispose]()
    throw new Error(`systemd did not come up:\n${machine.console()}`)
  }
}

/** Processes are killed, but may still be on their way out. */
async function removeCgroups(path: string): Promise<void> {
  const remove = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) remove(join(folder, entry.name))
    }
    rmdirSync(folder)
  }
  for (let round = 0; existsSync(path); round += 1) {
    try {
      remove(path)
    } catch (error) {
      if (round > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Finished, type VpnextProcess, mainScript, startProgram } from './vpnext-process.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
/** nobody: a uid without any right of its own. */
const identity = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
/** What the command needs of the repository. */
const needed = ['packages', 'apps', 'node_modules', 'package.json']

/** What the device file of TUN looks like to the user. */
export type TunAccess = 'open' | 'closed' | 'absent'

/** A user without any privilege, with the repository and a temporary folder of their own. Needs the machine's root. */
export class OrdinaryUser implements Disposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'vpnext-user-'))
  /** The user's own temporary folder. */
  readonly temporary: string = join(this.#folder, 'tmp')
  readonly #main: string

  constructor() {
    chmodSync(this.#folder, 0o755)
    mkdirSync(this.temporary)
    chmodSync(this.temporary, 0o1777)
    this.#main = this.#makeReadable()
  }

  /** Runs `vpnext <args>` as the user, in a mount namespace where the TUN device is as `tun` says. */
  start(tun: TunAccess, args: readonly string[], env: Readonly<Record<string, string>> = {}): VpnextProcess {
    // unshare(1) makes every mount private. Device numbers of /dev/net/tun: Documentation/admin-guide/devices.txt.
    const script = `mount -t tmpfs -o mode=755 none /dev/net &&
      { [ "$0" = absent ] || mknod /dev/net/tun c 10 200; } &&
      { [ "$0" != open ] || chmod 0666 /dev/net/tun; } &&
      { [ "$0" != closed ] || chmod 0600 /dev/net/tun; } &&
      exec setpriv ${identity.join(' ')} "$@"`
    const command = ['--mount', 'bash', '-c', script, tun, process.execPath, this.#main, ...args]
    const own = { TMPDIR: this.temporary, HOME: this.temporary, ...env }
    return startProgram(undefined, 'unshare', command, { env: own, detached: true })
  }

  /** As {@link start}, to its end. */
  run(tun: TunAccess, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished> {
    return this.start(tun, args, env).finished
  }

  /** What the user's programs left in their temporary folder. */
  left(): string[] {
    return readdirSync(this.temporary)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The repository may lie below a folder that is closed to others, or have been made under umask 077. */
  #makeReadable(): string {
    if (canRun(mainScript)) return mainScript
    const copy = join(this.#folder, 'repository')
    for (const name of needed)
      cpSync(join(repository, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
    spawnSync('chmod', ['-R', 'a+rX', copy])
    return join(copy, relative(repository, mainScript))
  }
}

function canRun(script: string): boolean {
  return spawnSync('setpriv', [...identity, process.execPath, script, '--version'], { cwd: '/' }).status === 0
}

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandForAll, nobody } from './command-for-all.ts'
import { type Finished, type VpnextProcess, startProgram } from './vpnext-process.ts'

/** What the device file of TUN looks like to the user. */
export type TunAccess = 'open' | 'closed' | 'absent'

/** A user without any privilege, with the repository and a temporary folder of their own. Needs the machine's root. */
export class OrdinaryUser implements Disposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'vpnext-user-'))
  /** The user's own temporary folder. */
  readonly temporary: string = join(this.#folder, 'tmp')
  readonly #closed: string = join(this.#folder, 'closed')
  readonly #main: string

  constructor() {
    chmodSync(this.#folder, 0o755)
    mkdirSync(this.temporary)
    chmodSync(this.temporary, 0o1777)
    this.#main = commandForAll(this.#folder)
    // As after `sudo -u nobody` in somebody's home.
    mkdirSync(this.#closed, { mode: 0o700 })
  }

  /** Runs `vpnext <args>` as the user, in a mount namespace where the TUN device is as `tun` says. */
  start(tun: TunAccess, args: readonly string[], env: Readonly<Record<string, string>> = {}): VpnextProcess {
    // unshare(1) makes every mount private. Device numbers of /dev/net/tun: Documentation/admin-guide/devices.txt.
    const script = `mount -t tmpfs -o mode=755 none /dev/net &&
      cd ${this.#closed} &&
      { [ "$0" = absent ] || mknod /dev/net/tun c 10 200; } &&
      { [ "$0" != open ] || chmod 0666 /dev/net/tun; } &&
      { [ "$0" != closed ] || chmod 0600 /dev/net/tun; } &&
      exec setpriv ${nobody.join(' ')} "$@"`
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
}

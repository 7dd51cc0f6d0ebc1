import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isErrno } from '@vpnext/native'

/** How often, and how long at most, an emptying cgroup is looked at, in ms. */
const pollMs = 5
const maxPolls = 400

/**
 * The control group of one host, cgroups(7) version 2: whatever the host forks is in it too, and ends with it.
 * The path is `vpnext-<instance>/<owner uid>/<bundle>/host-<ability>` below the mount; programs of the user that belong to
 * the bundle may be beside it.
 */
export class HostCgroup implements AsyncDisposable {
  /** Its folder. */
  readonly path: string
  readonly #root: string

  private constructor(path: string, root: string) {
    this.path = path
    this.#root = root
  }

  /**
   * @param root folder of the instance, see {@link instanceCgroup}
   * @throws node's error, e.g. EACCES without a delegated cgroup, EROFS in a container
   */
  static create(root: string, ownerUid: number, bundleName: string, abilityName: string): HostCgroup {
    const path = join(root, String(ownerUid), bundleName, `host-${abilityName}`)
    mkdirSync(path, { recursive: true })
    return new HostCgroup(path, root)
  }

  /** Moves a process in, which takes the kernel 10 ms and more. @throws node's ESRCH when it has ended */
  async add(pid: number): Promise<void> {
    await writeFile(join(this.path, 'cgroup.procs'), String(pid))
  }

  /** Kills everything in it, waits until it is empty, and removes it with the parents it was the last child of. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#killAll()
    for (let poll = 0; poll < maxPolls && this.#populated(); poll += 1) await delay(pollMs)
    for (let path = this.path; path.startsWith(`${this.#root}/`); path = dirname(path)) {
      if (!removeCgroup(path)) return
    }
  }

  #killAll(): void {
    try {
      // Linux 5.14.
      writeFileSync(join(this.path, 'cgroup.kill'), '1')
    } catch (error) {
      if (!isErrno(error, 'ENOENT')) throw error
      for (const pid of readFileSync(join(this.path, 'cgroup.procs'), 'utf8').split('\n')) {
        if (pid !== '' && pid !== '0') killIfAlive(Number(pid))
      }
    }
  }

  #populated(): boolean {
    try {
      return readFileSync(join(this.path, 'cgroup.events'), 'utf8').includes('populated 1')
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENODEV')) return false
      throw error
    }
  }
}

/** Whether /proc/<pid>/cgroup says that a process is in the control group of a host, of whichever instance. */
export function isInHostCgroup(pid: number): boolean {
  try {
    return /^0::.*\/vpnext-[a-z0-9-]+\/\d+\/[^/]+\/host-[^/]+/m.test(
      readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
    )
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return false
    throw error
  }
}

/** The control groups of hosts below the folder of an instance, as paths; the folder itself is last. */
export function listHostCgroups(root: string): string[] {
  const hosts = foldersOf(root)
    .flatMap((user) => foldersOf(join(root, user)).map((bundle) => join(root, user, bundle)))
    .flatMap((bundle) => foldersOf(bundle).map((host) => join(bundle, host)))
    .filter((path) => basename(path).startsWith('host-'))
  return existsSync(root) && !holdsPrograms(root) ? [...hosts, root] : hosts
}

/** Whether programs of users, which nobody ends for them, run in it under the name of a bundle. */
function holdsPrograms(root: string): boolean {
  return foldersOf(root)
    .flatMap((user) => foldersOf(join(root, user)).map((bundle) => join(root, user, bundle)))
    .some((bundle) => readFileSync(join(bundle, 'cgroup.procs'), 'utf8') !== '')
}

/** Ends what hosts of a service that was killed left behind, and removes the control groups that are empty. */
export async function sweepHostCgroups(root: string): Promise<void> {
  for (const user of foldersOf(root)) {
    for (const bundle of foldersOf(join(root, user))) {
      for (const host of foldersOf(join(root, user, bundle)).filter((name) => name.startsWith('host-'))) {
        await HostCgroup.create(root, Number(user), bundle, host.slice('host-'.length))[Symbol.asyncDispose]()
      }
      // A service that was killed between two mkdir leaves parents without a host.
      removeCgroup(join(root, user, bundle))
    }
    removeCgroup(join(root, user))
  }
  removeCgroup(root)
}

function foldersOf(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}

/** The folder of an instance below the cgroup2 mount. */
export function instanceCgroup(mount: string, instance: string): string {
  return join(mount, `vpnext-${instance}`)
}

/** Removes an empty cgroup. @returns whether it is gone */
export function removeCgroup(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return true
    if (isErrno(error, 'EBUSY', 'ENOTEMPTY')) return false
    throw error
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error
  }
}

import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'
import type { Journal } from '../journal.ts'
import type { NetworkSettings } from '../settings.ts'
import { memberOf } from './application-list.ts'
import { attachMember } from './cgroup-identity.ts'
import { ProgramLoader } from './cgroup-programs.ts'
import { foldersOf } from './cgroup-tree.ts'
import { listsInForce } from './lists-in-force.ts'

/** An application as one user runs it. */
export interface UserApplication {
  readonly uid: number
  readonly bundle: string
}

/** Where cgroup identity lives, and for whom. */
export interface IdentityPlace {
  /** Where cgroup2 is mounted. */
  readonly root: string
  readonly settings: NetworkSettings
  readonly journal: Journal
}

/**
 * Makes the control group of an application, `vpnext-<instance>/<uid>/<bundle>`, with the programs of all lists that name it.
 * Whatever is made in it or below belongs to the application. Idempotent.
 *
 * @returns its path
 * @throws RangeError naming `uid` or `bundle`; SystemError EPERM or node's EACCES, EROFS without the privilege
 */
export function ensureApplicationCgroup(place: IdentityPlace, application: UserApplication): string {
  const { root, settings, journal } = place
  const { uid, bundle } = application
  if (!Number.isInteger(uid) || uid < 0 || uid >= 0xffff_ffff) throw new RangeError(`uid: ${uid} is no uid`)
  if (!/^[A-Za-z0-9_.-]{1,255}$/.test(bundle) || /^\.+$/.test(bundle)) {
    throw new RangeError(`bundle: ${JSON.stringify(bundle)} is not the name of a bundle`)
  }
  const path = join(root, `vpnext-${settings.instance}`, String(uid), bundle)
  mkdirSync(path, { recursive: true })
  using loader = new ProgramLoader()
  // In the order of the tunnels: of two programs the later one has the last word.
  for (const list of listsInForce(journal)) {
    attachMember(path, list, memberOf(list, { uid, id: bundle }), settings, loader)
  }
  return path
}

/**
 * Makes a process part of an application: what it and its children do from now on. For `vpnext exec`, between fork and exec.
 * Who may claim which application is the caller's business.
 *
 * @param pid of a process that waits, so that it has no sockets yet
 * @returns as {@link ensureApplicationCgroup}
 * @throws as {@link ensureApplicationCgroup}; node's ESRCH when the process has ended
 */
export function enterApplication(place: IdentityPlace, application: UserApplication, pid: number): string {
  const path = ensureApplicationCgroup(place, application)
  writeFileSync(join(path, 'cgroup.procs'), String(pid))
  return path
}

/**
 * Removes the control groups of applications that hold no process any more, and then the instance's own.
 *
 * @returns the paths that are gone
 */
export function removeIdleCgroups({ root, settings }: Pick<IdentityPlace, 'root' | 'settings'>): string[] {
  const own = join(root, `vpnext-${settings.instance}`)
  const users = foldersOf(own)
  return [...users.flatMap(foldersOf), ...users, own].filter(removeIfEmpty)
}

function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch (error) {
    if (isErrno(error, 'EBUSY', 'ENOTEMPTY', 'ENOENT')) return false
    throw error
  }
}

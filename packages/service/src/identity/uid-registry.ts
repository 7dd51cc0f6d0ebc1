import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { currentUserNamespaceIsInitial, isErrno } from '@vpnext/native'
import { ServiceError } from '../service-error.ts'
import { ensureFolder } from '../state/folder.ts'

/** Everybody may make things there, and nobody but their owner and root may take them away (sticky). */
const memory = '/dev/shm'
/** How often what somebody else has put there is put aside before giving up; each time they would have to be faster. */
const maxRounds = 8

/**
 * Where ranges of uids are claimed: in the machine's memory, so that no claim outlives a reboot. Writable in a unit with
 * ProtectSystem=strict too, unlike /run. Uids of another user namespace are others, and so is its registry.
 */
export function uidRegistry(): string {
  const path = join(memory, 'vpnext-host-uids')
  return currentUserNamespaceIsInitial() ? path : `${path}-${statSync('/proc/self/ns/user').ino}`
}

/** Whether a registry is there, and is this process' user's alone. */
export function isOwnRegistry(registry: string): boolean {
  const stat = lstatSync(registry, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === process.geteuid?.() && (stat.mode & 0o022) === 0
}

/**
 * Makes sure that a registry is there and belongs to this process' user alone. What somebody else has made in its place, where
 * anybody can, is put aside, if this process may: nobody keeps a service of root from starting.
 *
 * @param told hears of what was put aside
 * @throws ServiceError `unsafe-path` where this process may not
 */
export function ensureRegistry(registry: string, told: (message: string) => void): void {
  for (let round = 0; ; round += 1) {
    try {
      ensureFolder(registry, 0o700)
      return
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'unsafe-path' || round === maxRounds) throw error
      const aside = putAside(registry)
      if (aside === undefined) throw error
      if (isOwnRegistry(aside)) giveBack(aside, registry)
      else told(`${error.message}; it is ${aside} now`)
    }
  }
}

/** @returns where it is now; undefined when this process may not move it */
function putAside(path: string): string | undefined {
  const aside = `${path}.foreign-${randomBytes(8).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (isErrno(error, 'EPERM', 'EACCES')) return undefined
    if (!isErrno(error, 'ENOENT')) throw error
  }
  return aside
}

/** Of two services that find a foreign one at the same time, the slower may have moved what the faster has made. */
function giveBack(aside: string, registry: string): void {
  ensureFolder(registry, 0o700)
  for (const name of readdirSync(aside)) renameSync(join(aside, name), join(registry, name))
  rmdirSync(aside)
}

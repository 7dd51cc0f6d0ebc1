import { lstatSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { unmappedUid } from '../identity/unmapped-uid.ts'
import { ServiceError } from '../service-error.ts'

const writableByGroup = 0o020
const writableByAll = 0o002
/** Whoever may write there still takes away nothing of others. */
const sticky = 0o1000
const root = 0

/**
 * Makes sure that nobody but root and the service's user can move a folder away, or put another in its place: whoever could would
 * decide what the administrator says.
 *
 * @param folder exists
 * @throws ServiceError `unsafe-path` naming the folder above it that somebody else owns or can write to
 */
export function checkFoldersAbove(folder: string): void {
  for (const path of foldersAbove(folder)) {
    const stat = lstatSync(path)
    if (!isTrusted(stat.uid)) {
      throw new ServiceError(
        'unsafe-path',
        `${path}: belongs to uid ${stat.uid}, who can put another folder in the place of ${folder}`,
      )
    }
    // A link has no mode of its own; who may replace it is the folder's that it is in.
    if (stat.isSymbolicLink() || (stat.mode & sticky) !== 0) continue
    const byGroup =
      (stat.mode & writableByGroup) !== 0 && stat.gid !== root && stat.gid !== process.getegid?.()
    if (!byGroup && (stat.mode & writableByAll) === 0) continue
    const mode = (stat.mode & 0o7777).toString(8)
    throw new ServiceError(
      'unsafe-path',
      `${path}: others can write to it (mode ${mode}), and put another folder in the place of ${folder}`,
    )
  }
}

/** As it is named, and where links on the way lead. */
function foldersAbove(folder: string): Set<string> {
  const found = new Set<string>()
  for (const start of [resolve(folder), realpathSync(folder)]) {
    for (let path = dirname(start); !found.has(path); path = dirname(path)) found.add(path)
  }
  return found
}

function isTrusted(uid: number): boolean {
  // Of a user namespace, owners that it does not have are the machine's root among others.
  return uid === root || uid === process.geteuid?.() || uid === unmappedUid()
}

import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isErrno, removeFile } from '@vpnext/native'
import * as z from 'zod'
import { ServiceError } from '../service-error.ts'
import { readDocument, readText } from './document.ts'
import { namingFile } from './naming-file.ts'

/** Which process holds a lock: a pid alone may have been given to another process since. */
const holder = z.strictObject({
  version: z.literal(1),
  pid: z.int().positive(),
  /** Field 22 of /proc/<pid>/stat, in clock ticks since boot. */
  startTime: z.string(),
  bootId: z.string(),
})
type Holder = z.infer<typeof holder>

const lockName = 'service.lock'
/** Rounds of finding a dead holder and losing the race for its place, before giving up. */
const maxRounds = 8

/**
 * Claims a folder for this process. The lock of a process that has died is taken over.
 *
 * @param folder writable by the service's user only
 * @returns releases the claim when disposed
 * @throws ServiceError `in-use` naming folder and pid
 */
export function lockFolder(folder: string): Disposable {
  const path = join(folder, lockName)
  const claim = join(folder, `.service.claim.${randomBytes(8).toString('hex')}`)
  try {
    namingFile(claim, () =>
      writeFileSync(claim, JSON.stringify(identify(process.pid)), { flag: 'wx', mode: 0o600 }),
    )
    for (let round = 0; round < maxRounds; round += 1) {
      if (tryLink(claim, path)) return { [Symbol.dispose]: () => release(path) }
      removeIfStale(path)
    }
  } finally {
    removeFile(claim)
  }
  throw new ServiceError('in-use', `${folder}: the lock changes hands faster than it can be read`)
}

/**
 * The process that holds a folder now.
 *
 * @returns its pid; undefined when nobody does, or the holder has died
 * @throws ServiceError `damaged-state` when the lock cannot be read as one; node's EACCES
 */
export function folderHolder(folder: string): number | undefined {
  const found = readHolder(join(folder, lockName))
  return found !== undefined && isAlive(found) ? found.pid : undefined
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

/** @throws ServiceError when the holder lives */
function removeIfStale(path: string): void {
  const seen = statSync(path, { throwIfNoEntry: false })
  if (seen === undefined) return
  const found = readHolder(path)
  if (found !== undefined && isAlive(found)) {
    throw new ServiceError('in-use', `${dirname(path)}: is in use by the service with pid ${found.pid}`)
  }
  // Renamed rather than removed: should somebody else have taken the place meanwhile, it is given back.
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}`)
  try {
    renameSync(path, aside)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return
    throw error
  }
  if (statSync(aside).ino !== seen.ino) tryLink(aside, path)
  unlinkSync(aside)
}

function release(path: string): void {
  const found = readHolder(path)
  if (found?.pid === process.pid) unlinkSync(path)
}

/**
 * A lock appears whole (linked once it is written) and is never changed, so one without content is what a loss of power has left
 * of the lock of a service before it.
 *
 * @returns undefined for that, and where there is none
 */
function readHolder(path: string): Holder | undefined {
  return /^\0*$/.test(readText(path) ?? '') ? undefined : readDocument(path, holder)
}

function isAlive(claimed: Holder): boolean {
  const now = identify(claimed.pid)
  return now !== undefined && now.startTime === claimed.startTime && now.bootId === claimed.bootId
}

function identify(pid: number): Holder | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined
    throw error
  }
  // proc(5): the command name is in parentheses and may itself hold blanks and parentheses; field 3 follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const startTime = fields[22 - 3] ?? ''
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return fields[0] === 'Z' ? undefined : { version: 1, pid, startTime, bootId }
}

import {
  type Stats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
} from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'
import * as z from 'zod'
import { ServiceError } from '../service-error.ts'
import { checkFoldersAbove } from './folders-above.ts'
import { type PolicyRule, policyFile } from './policy-schema.ts'

/** Largest policy file, in bytes. */
const maxFileBytes = 1024 * 1024
/** Bits by which somebody else could change what is said. */
const writableByOthers = 0o022

/**
 * Reads `*.json` of a policy folder, in the order of their names. The folder and each file must belong to the service's
 * user, which is root outside of tests, and nobody else may be able to write to them, or to put others in their place.
 *
 * @returns no rules when there is no folder
 * @throws ServiceError `unsafe-path` or `damaged-state`, naming the file and the member
 */
export function readPolicy(folder: string): readonly PolicyRule[] {
  // Mostly there is none, and an exception takes ten times as long as this.
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return []
  const rules = openSafely(folder, constants.O_DIRECTORY, () => {
    checkFoldersAbove(folder)
    return policyNames(folder).flatMap((name) => readRules(join(folder, name)) ?? [])
  })
  return rules ?? []
}

function policyNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .toSorted()
}

/** @returns undefined for a file that has gone since the folder was listed */
function readRules(path: string): readonly PolicyRule[] | undefined {
  return openSafely(path, constants.O_NONBLOCK, (fd, stat) => {
    if (!stat.isFile()) throw new ServiceError('unsafe-path', `${path}: is not a file`)
    if (stat.size > maxFileBytes)
      throw new ServiceError('damaged-state', `${path}: has more than ${maxFileBytes} bytes`)
    return parse(path, readFileSync(fd, 'utf8'))
  })
}

/** Editors of Windows begin a file with a byte order mark, which is no JSON. */
function parse(path: string, text: string): readonly PolicyRule[] {
  try {
    return policyFile.parse(JSON.parse(text.replace(/^\uFEFF/, ''))).rules
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new ServiceError('damaged-state', `${path}: ${reason}`, { cause: error })
  }
}

/** Opens without following a link, and looks at what was opened, not at the path. */
function openSafely<T>(path: string, flags: number, use: (fd: number, stat: Stats) => T): T | undefined {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | flags)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    if (!isErrno(error, 'ELOOP', 'ENOTDIR')) throw error
    const reason = isErrno(error, 'ENOTDIR')
      ? 'is not a folder (symbolic links are refused)'
      : 'symbolic links are refused'
    throw new ServiceError('unsafe-path', `${path}: ${reason}`, { cause: error })
  }
  try {
    const stat = fstatSync(fd)
    checkOwner(path, stat)
    return use(fd, stat)
  } finally {
    closeSync(fd)
  }
}

function checkOwner(path: string, { uid, mode }: Stats): void {
  if (uid !== process.geteuid?.()) {
    throw new ServiceError('unsafe-path', `${path}: belongs to uid ${uid}, not to the service's user`)
  }
  if ((mode & writableByOthers) === 0) return
  const text = (mode & 0o7777).toString(8)
  throw new ServiceError('unsafe-path', `${path}: others can write to it (mode ${text})`)
}

import { constants, closeSync, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno } from '@vpnext/native'
import { ServiceError } from '../service-error.ts'
import { namingFile } from './naming-file.ts'

/** Bits by which somebody else could put things into a folder. */
const writableByOthers = 0o022

/**
 * Makes sure that `path` is a real folder of this process' user that nobody else can write to, and gives it `mode`.
 * Missing parents are made 0755.
 *
 * @throws ServiceError `unsafe-path` for a symbolic link, a non-folder, a foreign owner, or a folder others can write
 */
export function ensureFolder(path: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  const made = makeFolder(path, mode)
  const fd = openFolder(path)
  try {
    const stat = fstatSync(fd)
    if (stat.uid !== process.geteuid?.()) {
      throw new ServiceError('unsafe-path', `${path}: belongs to uid ${stat.uid}, not to the service`)
    }
    if (!made && (stat.mode & writableByOthers) !== 0) {
      throw new ServiceError(
        'unsafe-path',
        `${path}: others can write to it (mode ${(stat.mode & 0o7777).toString(8)})`,
      )
    }
    namingFile(path, () => fchmodSync(fd, mode))
  } finally {
    closeSync(fd)
  }
}

function makeFolder(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode })
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

function openFolder(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch (error) {
    if (isErrno(error, 'ENOTDIR', 'ELOOP')) {
      throw new ServiceError('unsafe-path', `${path}: is not a folder (symbolic links are refused)`, {
        cause: error,
      })
    }
    throw error
  }
}

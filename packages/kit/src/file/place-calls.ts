import { seekFile } from '@vpnext/native'
import * as fs from 'node:fs'

import { descriptorArgument, pathArgument } from './arguments.ts'
import { withBorrowed } from './borrowed-fd.ts'
import { asFileError, invalidArgument } from './file-error.ts'
import { KitFile } from './kit-file.ts'
import { whenceType } from './modes.ts'
import { type Forms, forms } from './operation.ts'

/** `symlink(target, srcPath)`: makes `srcPath` a link to `target`. */
export const symlink: Forms<void> = forms({
  read: ([target, path]) => ({ target: pathArgument(target, 'target'), path: pathArgument(path, 'srcPath') }),
  now: ({ target, path }) => fs.symlinkSync(target, path),
  later: ({ target, path }) => fs.promises.symlink(target, path),
})

/** Six of these at the end of a prefix become random characters. */
const randomPart = 'XXXXXX'

/** `mkdtemp(prefix)`: makes a folder; `prefix` ends in `XXXXXX`. Gives its path. */
export const mkdtemp: Forms<string> = forms({
  read: ([prefix]) => {
    const path = pathArgument(prefix, 'prefix')
    if (!path.endsWith(randomPart)) throw invalidArgument('prefix', `does not end in ${randomPart}`)
    return path.slice(0, -randomPart.length)
  },
  now: (prefix) => fs.mkdtempSync(prefix),
  later: (prefix) => fs.promises.mkdtemp(prefix),
})

/** `utimes(path, mtime)`: sets when the file was last changed, in ms since 1970, and nothing else. */
export function utimes(path: unknown, mtime: unknown): void {
  const place = pathArgument(path)
  if (typeof mtime !== 'number' || !Number.isFinite(mtime) || mtime < 0) {
    throw invalidArgument('mtime', 'is not a time')
  }
  try {
    fs.utimesSync(place, fs.statSync(place).atimeMs / 1000, mtime / 1000)
  } catch (error) {
    throw asFileError(error)
  }
}

/** `lseek(fd, offset, whence?)`: moves the file's position and gives it, in bytes from the start. */
export function lseek(fd: unknown, offset: unknown, whence: unknown = whenceType.SEEK_SET): number {
  const number = descriptorArgument(fd)
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) {
    throw invalidArgument('offset', 'is not a whole number')
  }
  const from = { 0: 'start', 1: 'current', 2: 'end' } as const
  if (whence !== 0 && whence !== 1 && whence !== 2) throw invalidArgument('whence', 'is not a WhenceType')
  try {
    return withBorrowed(number, (file) => seekFile(file, offset, from[whence]))
  } catch (error) {
    throw asFileError(error)
  }
}

/** `dup(fd)`: a File with another descriptor of the same open file. */
export function dup(fd: unknown): KitFile {
  const number = descriptorArgument(fd)
  try {
    const copy = withBorrowed(number, (file) => file.dup().release())
    return new KitFile(copy, fs.readlinkSync(`/proc/self/fd/${copy}`))
  } catch (error) {
    throw asFileError(error)
  }
}

import * as fs from 'node:fs'

import { countArgument, fileArgument, pathArgument } from './arguments.ts'
import { accessModeType } from './modes.ts'
import { type Forms, forms } from './operation.ts'

/** `access(path, mode?)`: whether the file exists and may be used so; errors other than that reject. */
export const access: Forms<boolean> = forms({
  read: ([path, mode]) => ({ path: pathArgument(path), mode: accessMode(mode) }),
  now: ({ path, mode }) => {
    try {
      fs.accessSync(path, mode)
      return true
    } catch (error) {
      return refused(error)
    }
  },
  later: async ({ path, mode }) => {
    try {
      await fs.promises.access(path, mode)
      return true
    } catch (error) {
      return refused(error)
    }
  },
})

/** `mkdir(path, recursion?)`. */
export const mkdir: Forms<void> = forms({
  read: ([path, recursion]) => ({ path: pathArgument(path), recursive: recursion === true }),
  now: ({ path, recursive }) => {
    fs.mkdirSync(path, { recursive, mode: 0o700 })
  },
  later: async ({ path, recursive }) => {
    await fs.promises.mkdir(path, { recursive, mode: 0o700 })
  },
})

/** `unlink(path)`: removes a file. */
export const unlink: Forms<void> = forms({
  read: ([path]) => pathArgument(path),
  now: (path) => fs.unlinkSync(path),
  later: (path) => fs.promises.unlink(path),
})

/** `rmdir(path)`: removes a folder and all that is in it, as on the device. */
export const rmdir: Forms<void> = forms({
  read: ([path]) => pathArgument(path),
  now: (path) => {
    fs.readdirSync(path)
    fs.rmSync(path, { recursive: true })
  },
  later: async (path) => {
    // Fails ENOTDIR for a file, which rm would remove.
    await fs.promises.readdir(path)
    await fs.promises.rm(path, { recursive: true })
  },
})

/** `rename(oldPath, newPath)`. */
export const rename: Forms<void> = forms({
  read: twoPaths,
  now: ([from, to]) => fs.renameSync(from, to),
  later: ([from, to]) => fs.promises.rename(from, to),
})

/** `copyFile(src, dest)`: replaces what is there. Each is a path. */
export const copyFile: Forms<void> = forms({
  read: twoPaths,
  now: ([from, to]) => fs.copyFileSync(from, to),
  later: ([from, to]) => fs.promises.copyFile(from, to),
})

/** `truncate(file, length?)`: `file` is a path or a descriptor, `length` in bytes, 0 when absent. */
export const truncate: Forms<void> = forms({
  read: ([file, length]) => ({
    file: typeof file === 'string' ? pathArgument(file, 'file') : fileArgument(file),
    length: countArgument(length, 'len', 0),
  }),
  now: ({ file, length }) => {
    if (typeof file === 'string') fs.truncateSync(file, length)
    else fs.ftruncateSync(file, length)
  },
  later: async ({ file, length }) => {
    if (typeof file === 'string') return fs.promises.truncate(file, length)
    await new Promise<void>((resolve, reject) => {
      fs.ftruncate(file, length, (error) => (error === null ? resolve() : reject(error)))
    })
  },
})

function twoPaths([from, to]: readonly unknown[]): [from: string, to: string] {
  return [pathArgument(from, 'src'), pathArgument(to, 'dest')]
}

function accessMode(value: unknown): number {
  const mode = countArgument(value, 'mode', accessModeType.EXIST)
  return (
    ((mode & accessModeType.READ) === 0 ? 0 : fs.constants.R_OK) |
    ((mode & accessModeType.WRITE) === 0 ? 0 : fs.constants.W_OK)
  )
}

function refused(error: unknown): false {
  if (
    error instanceof Error &&
    'code' in error &&
    ['ENOENT', 'ENOTDIR', 'EACCES', 'EROFS'].includes(String(error.code))
  ) {
    return false
  }
  throw error
}

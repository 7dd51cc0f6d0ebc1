import * as fs from 'node:fs'
import { isErrno } from '@vpnext/native'

import { countArgument, fileArgument, pathArgument } from './arguments.ts'
import { fileError, invalidArgument } from './file-error.ts'
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
})

/** `mkdir(path, recursion?)`: a folder that exists is an error, with `recursion` too, as on the device. */
export const mkdir: Forms<void> = forms({
  read: ([path, recursion]) => ({ path: pathArgument(path), recursive: recursion === true }),
  now: ({ path, recursive }) => {
    const made = fs.mkdirSync(path, { recursive, mode: 0o700 })
    if (recursive && made === undefined) throw fileError('EEXIST', { field: 'path' })
  },
})

/** `unlink(path)`: removes a file. */
export const unlink: Forms<void> = forms({
  read: ([path]) => pathArgument(path),
  now: (path) => fs.unlinkSync(path),
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
})

/** `copyFile(src, dest, mode?)`: replaces what is there. Each is a path or a descriptor; `mode` is 0, the only one. */
export const copyFile: Forms<void> = forms({
  read: ([from, to, mode]) => {
    if (countArgument(mode, 'mode', 0) !== 0) throw invalidArgument('mode', 'is not 0')
    return { from: fileOrPath(from, 'src'), to: fileOrPath(to, 'dest') }
  },
  now: ({ from, to }) => copy(from, to),
  later: async ({ from, to }) => {
    if (typeof from === 'string' && typeof to === 'string') await fs.promises.copyFile(from, to)
    else copy(from, to)
  },
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

function fileOrPath(value: unknown, name: string): string | number {
  return typeof value === 'string' ? pathArgument(value, name) : fileArgument(value)
}

/** Bytes copied at once. */
const chunkSize = 64 * 1024

function copy(from: string | number, to: string | number): void {
  if (typeof from === 'string' && typeof to === 'string') return fs.copyFileSync(from, to)
  const source = typeof from === 'string' ? fs.openSync(from, 'r') : from
  try {
    const target = typeof to === 'string' ? fs.openSync(to, 'w', 0o600) : to
    try {
      copyContent(source, target)
    } finally {
      if (typeof to === 'string') fs.closeSync(target)
    }
  } finally {
    if (typeof from === 'string') fs.closeSync(source)
  }
}

/** From start to start, whatever the positions of the files. */
function copyContent(from: number, to: number): void {
  fs.ftruncateSync(to)
  const chunk = Buffer.alloc(chunkSize)
  for (let at = 0; ;) {
    const count = fs.readSync(from, chunk, 0, chunk.length, at)
    if (count === 0) return
    for (let done = 0; done < count;) done += fs.writeSync(to, chunk, done, count - done, at + done)
    at += count
  }
}

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
  if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EROFS')) return false
  throw error
}

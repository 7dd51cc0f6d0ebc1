import * as fs from 'node:fs'
import { promisify } from 'node:util'

import {
  bytesArgument,
  checkEncoding,
  countArgument,
  descriptorArgument,
  fileArgument,
  option,
} from './arguments.ts'
import { invalidArgument } from './file-error.ts'
import { placeArgument } from './file-uri.ts'
import { KitFile } from './kit-file.ts'
import { openModeMask } from './modes.ts'
import { type Forms, forms } from './operation.ts'

const fsOpen = promisify(fs.open)
const fsClose = promisify(fs.close)
const fsFsync = promisify(fs.fsync)
const fsFdatasync = promisify(fs.fdatasync)
// Not promisified: node gives these two a promise of an object.
const fsRead = (input: Transfer): Promise<number> =>
  new Promise((resolve, reject) => {
    fs.read(input.fd, input.bytes, 0, input.bytes.length, input.offset, (error, count) =>
      error === null ? resolve(count) : reject(error),
    )
  })
const fsWrite = (input: Transfer): Promise<number> =>
  new Promise((resolve, reject) => {
    fs.write(input.fd, input.bytes, 0, input.bytes.length, input.offset, (error, count) =>
      error === null ? resolve(count) : reject(error),
    )
  })

/** New files are for the process's user alone. */
const createMode = 0o600

/** `offset` null: at the file's own position, which is also the only way for a TUN or a pipe. */
interface Transfer {
  readonly fd: number
  readonly bytes: Uint8Array
  readonly offset: number | null
}

/** `open(path, mode?)`: a File; `path` may be a URI. */
export const open: Forms<KitFile> = forms({
  read: ([path, mode]) => ({ path: placeArgument(path), mode: openModeArgument(mode) }),
  now: ({ path, mode }) => new KitFile(fs.openSync(path, mode, createMode), path),
  later: async ({ path, mode }) => new KitFile(await fsOpen(path, mode, createMode), path),
})

/**
 * `close(file)`.
 *
 * @param closeTunnel closes the descriptor if it is a tunnel's, and says so
 */
export function closeForms(closeTunnel: (fd: number) => boolean): Forms<void> {
  return forms({
    read: ([file]) => fileArgument(file),
    now: (fd) => {
      if (!closeTunnel(fd)) fs.closeSync(fd)
    },
    later: async (fd) => {
      if (!closeTunnel(fd)) await fsClose(fd)
    },
  })
}

/** `read(fd, buffer, options?)`: bytes read, 0 at the end. One packet per call from a TUN. */
export const read: Forms<number> = forms({
  read: ([fd, buffer, options]) => transfer(fd, bytesArgument(buffer), options),
  now: ({ fd, bytes, offset }) => fs.readSync(fd, bytes, 0, bytes.length, offset),
  later: fsRead,
})

/** `write(fd, buffer, options?)`: bytes written. One packet per call to a TUN. */
export const write: Forms<number> = forms({
  read: ([fd, data, options]) => {
    if (typeof data !== 'string') return transfer(fd, bytesArgument(data), options)
    checkEncoding(options)
    return transfer(fd, Buffer.from(data, 'utf8'), options)
  },
  now: ({ fd, bytes, offset }) => fs.writeSync(fd, bytes, 0, bytes.length, offset),
  later: fsWrite,
})

/** `fsync(fd)`. */
export const fsync: Forms<void> = forms({
  read: ([fd]) => descriptorArgument(fd),
  now: (fd) => fs.fsyncSync(fd),
  later: fsFsync,
})

/** `fdatasync(fd)`. */
export const fdatasync: Forms<void> = forms({
  read: ([fd]) => descriptorArgument(fd),
  now: (fd) => fs.fdatasyncSync(fd),
  later: fsFdatasync,
})

/** Flags of `OpenMode`, READ_ONLY when absent. @throws BusinessError 13900020 */
export function openModeArgument(value: unknown): number {
  const mode = countArgument(value, 'mode', 0)
  if ((mode & ~openModeMask) === 0 && mode <= openModeMask) return mode
  throw invalidArgument('mode', 'has flags that OpenMode does not')
}

function transfer(fd: unknown, bytes: Uint8Array, options: unknown): Transfer {
  const length = countArgument(option(options, 'length'), 'options.length', bytes.length)
  if (length > bytes.length) throw invalidArgument('options.length', 'is more than the buffer holds')
  return {
    fd: descriptorArgument(fd),
    bytes: bytes.subarray(0, length),
    offset: countArgument(option(options, 'offset'), 'options.offset', null),
  }
}

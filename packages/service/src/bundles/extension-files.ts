import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { isErrno } from '@vpnext/native'

import { type DataOwner, openFilesFolder } from './data-folder.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

/** Largest profile, in bytes: a WireGuard configuration of 130,000 prefixes has about 3 MiB. */
export const maxProfileBytes = 8 * 1024 * 1024
/** Largest report, in bytes: of a tunnel it tells as many prefixes as a profile may have. */
const maxReportBytes = 8 * 1024 * 1024
/** The same as a string of JSON, in which an answer has it: less than the 16 MiB of a message. */
const maxReportText = 12 * 1024 * 1024

/** Names of profiles and reports: one plain name, no leading dot. */
export const fileNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_.=+-]{0,63}$/

/** The files of one extension. Its host owns the folders and may have put anything in them. */
export interface ExtensionFiles {
  /** The bundle's data folder, complete. */
  readonly dataFolder: string
  readonly module: string
  readonly owner: DataOwner | undefined
}

/** Writes `filesDir/profiles/<name>`, 0600 and the host's, in one step; one that was there is replaced. */
export function writeProfile(files: ExtensionFiles, name: string, bytes: Uint8Array): void {
  within(files, 'profiles', (folder) => {
    const fresh = `${folder}/.${randomBytes(8).toString('hex')}`
    const fd = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      fchmodSync(fd, 0o600)
      writeFileSync(fd, bytes)
      if (files.owner !== undefined) fchownSync(fd, files.owner.uid, files.owner.gid)
      fsyncSync(fd)
      renameSync(fresh, `${folder}/${name}`)
    } catch (error) {
      unlinkSync(fresh)
      throw error
    } finally {
      closeSync(fd)
    }
  })
}

/** @returns false when there was none */
export function removeProfile(files: ExtensionFiles, name: string): boolean {
  return within(files, 'profiles', (folder) => {
    try {
      unlinkSync(`${folder}/${name}`)
      return true
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return false
      throw error
    }
  })
}

/**
 * Reads `filesDir/reports/<name>`, which the extension has written for its user.
 *
 * @returns undefined when there is none
 * @throws RangeError for anything else than a regular file of the host's of up to 8 MiB, and for one of which too much is to be
 * escaped; ELOOP of node for a link
 */
export function readReport(files: ExtensionFiles, name: string): string | undefined {
  return within(files, 'reports', (folder) => {
    let fd: number
    try {
      fd = openSync(`${folder}/${name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined
      throw error
    }
    try {
      const stat = fstatSync(fd)
      if (!stat.isFile()) throw new RangeError('is not a regular file')
      // A hard link would lead to somebody else's file.
      if (files.owner !== undefined && stat.uid !== files.owner.uid) throw new RangeError('is not the host’s')
      return sendable(readAtMost(fd, maxReportBytes, stat.size).toString('utf8'))
    } finally {
      closeSync(fd)
    }
  })
}

/**
 * @param expected its size, which says nothing certain: the host may let it grow while it is read
 * @throws RangeError for more bytes
 */
function readAtMost(fd: number, most: number, expected: number): Buffer {
  let bytes = Buffer.alloc(Math.min(expected, most) + 1)
  let length = 0
  for (let read = -1; read !== 0 && length <= most; length += read) {
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length, most + 1))
    read = readSync(fd, bytes, length, bytes.length - length, null)
  }
  if (length > most) throw new RangeError(`has more than ${most} bytes`)
  return bytes.subarray(0, length)
}

/** A character becomes up to six bytes in JSON. @throws RangeError */
function sendable(text: string): string {
  if (text.length <= maxReportText / 6 || Buffer.byteLength(JSON.stringify(text)) <= maxReportText)
    return text
  throw new RangeError(`has more than ${maxReportText} bytes in JSON`)
}

function within<T>(
  { dataFolder, module, owner }: ExtensionFiles,
  name: string,
  action: (folder: string) => T,
): T {
  const folder = openFilesFolder(dataFolder, module, name, owner)
  try {
    return action(`/proc/self/fd/${folder}`)
  } finally {
    closeSync(folder)
  }
}

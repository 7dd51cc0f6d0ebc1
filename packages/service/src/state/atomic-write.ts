import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { removeFile } from '@vpnext/native'
import { namingFile } from './naming-file.ts'

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants

/**
 * Replaces a file so that a reader, and a machine that loses power, finds either the old or the new content, whole.
 * Synchronous: once it returns, the content is on disk.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o600): void {
  namingFile(path, () => replaceFile(path, content, mode))
}

function replaceFile(path: string, content: string | Uint8Array, mode: number): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}`)
  const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
  try {
    writeFileSync(fd, content)
    fsyncSync(fd)
  } catch (error) {
    removeFile(temporary)
    throw error
  } finally {
    closeSync(fd)
  }
  renameSync(temporary, path)
  syncFolder(dirname(path))
}

/** Removes what {@link writeFileAtomically} of `path` left when it was killed halfway. */
export function removeLeftovers(path: string): void {
  const leftover = new RegExp(`^\\.${escape(basename(path))}\\.[0-9a-f]{16}$`)
  for (const name of readdirSync(dirname(path))) {
    if (leftover.test(name)) removeFile(join(dirname(path), name))
  }
}

/** fsync(2) of a folder: makes a rename or removal in it durable. */
export function syncFolder(path: string): void {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, String.raw`\$&`)
}

import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { isErrno, removeFile, syncInThread } from '@vpnext/native'
import { writeWhole } from './write-whole.ts'

/** Bytes that are there before an entry is written, of which a small tunnel's takes a quarter. */
const ROOM = 16_384
/** Zeros that an entry begins with once it is gone: a page, of which a killed process leaves all or nothing. */
const CLEARED = 4096

/**
 * The file of a slot's entry. It stays when the entry goes: writing over what is on disk already needs no transaction of the
 * file system, neither for the file nor for its folder, and is there in a third of the time. The entry of a tunnel is on disk
 * before the first change that a reboot would not undo, so `create` waits for it.
 */
export interface JournalRoom extends Disposable {
  /** Writes over what was there. A process that is killed meanwhile leaves a beginning of it, and the rest of that. */
  write(text: string): void
  /** Begins to bring what is written to disk. Again: nothing. */
  startSync(): void
  /** Returns once it is on disk, and closes the file. Again: nothing. @throws node's error of fdatasync */
  waitForSync(): void
}

/** Opens the file, or makes it, with room for an entry and on disk. @throws node's errors of file operations */
export function openRoom(path: string): JournalRoom {
  const fd = openExisting(path) ?? makeRoom(path)
  let wait: (() => void) | undefined
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  const startSync = (): void => {
    if (isOpen) wait ??= syncInThread(fd, 'data')
  }
  return {
    write(text) {
      writeWhole(fd, Buffer.from(text))
    },
    startSync,
    waitForSync() {
      startSync()
      const pending = wait
      wait = undefined
      try {
        pending?.()
      } finally {
        close()
      }
    },
    [Symbol.dispose]: close,
  }
}

/** Makes the file one without an entry, and as small as in the beginning. None there: nothing. */
export function clearRoom(path: string): void {
  const fd = openExisting(path)
  if (fd === undefined) return
  try {
    writeWhole(fd, Buffer.alloc(CLEARED))
    if (fstatSync(fd).size > ROOM) ftruncateSync(fd, ROOM)
  } finally {
    closeSync(fd)
  }
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOFOLLOW)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}

function makeRoom(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const fd = openSync(path, flags, 0o600)
  try {
    writeWhole(fd, Buffer.alloc(ROOM))
    fsyncSync(fd)
    const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
    return fd
  } catch (error) {
    closeSync(fd)
    removeFile(path)
    throw error
  }
}

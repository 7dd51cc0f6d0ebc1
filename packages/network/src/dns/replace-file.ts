import { close, closeSync, constants, fsyncSync, ftruncateSync, openSync, renameSync } from 'node:fs'
import { isErrno, removeFile, syncInThread } from '@vpnext/native'
import { writeWhole } from '../write-whole.ts'

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
const NEW_MODE = 0o644
/** include/uapi/asm-generic/fcntl.h: opens nothing, but keeps the file. */
const O_PATH = 0o10000000

/**
 * Replaces what is at `path`, a link included, by a file that is complete and on disk before it appears. On a mount point,
 * as containers have them, rename(2) is refused (EBUSY); then the content is written in place.
 *
 * @param temporary in the same directory; whatever is there is ours
 * @param prepare sets owner and mode of the temporary file
 */
export function replaceFile(
  path: string,
  temporary: string,
  bytes: Uint8Array,
  prepare: () => void = () => undefined,
): void {
  orInPlace(path, bytes, () =>
    replaceWith(path, temporary, () => {
      writeAll(openSync(temporary, NEW_FILE, NEW_MODE), bytes)
      prepare()
    }),
  )
}

/** A file that is on its way to disk, and not to be seen yet. */
export interface PreparedFile {
  /** Replaces what is at the path, once it is on disk. */
  appear(): void
  /** Removes it, unless it has appeared. Again: nothing. */
  discard(): void
}

/** {@link replaceFile} in two parts: what takes long happens between them, while this thread does something else. */
export function prepareFile(path: string, temporary: string, bytes: Uint8Array): PreparedFile {
  const fd = openNew(temporary)
  let wait: (() => void) | undefined
  const settle = (): void => {
    const pending = wait
    wait = undefined
    try {
      pending?.()
    } finally {
      if (pending !== undefined) closeSync(fd)
    }
  }
  const discard = (): void => {
    try {
      settle()
    } catch {
      // It goes anyway, on disk or not.
    }
    removeFile(temporary)
  }
  try {
    writeWhole(fd, bytes)
  } catch (error) {
    closeSync(fd)
    discard()
    throw error
  }
  wait = syncInThread(fd)
  const appear = (): void => {
    settle()
    const former = openPath(path)
    try {
      orInPlace(path, bytes, () => moveTo(path, temporary))
    } finally {
      // In node's pool, where nobody waits for it; and not yet, because its thread may get the processor of this one.
      if (former !== undefined) setImmediate(() => close(former, () => undefined))
    }
  }
  return { appear, discard }
}

/**
 * Keeps a file while rename(2) puts another one in its place. Else rename frees it, which takes ext4 ten times as long as all
 * the rest.
 */
function openPath(path: string): number | undefined {
  try {
    return openSync(path, O_PATH | constants.O_NOFOLLOW)
  } catch {
    return undefined
  }
}

/** What is there is left from before a crash. Seldom anything is, so it is not looked for first. */
function openNew(temporary: string): number {
  try {
    return openSync(temporary, NEW_FILE, NEW_MODE)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    removeFile(temporary)
    return openSync(temporary, NEW_FILE, NEW_MODE)
  }
}

/** Makes something at `temporary` and moves it to `path`. */
export function replaceWith(path: string, temporary: string, make: () => void): void {
  removeFile(temporary)
  try {
    make()
  } catch (error) {
    removeFile(temporary)
    throw error
  }
  moveTo(path, temporary)
}

function moveTo(path: string, temporary: string): void {
  try {
    renameSync(temporary, path)
  } catch (error) {
    removeFile(temporary)
    throw error
  }
}

function orInPlace(path: string, bytes: Uint8Array, replace: () => void): void {
  try {
    replace()
  } catch (error) {
    if (!isErrno(error, 'EBUSY')) throw error
    overwrite(path, bytes)
  }
}

/** First the content, then the length: a reader never finds the file empty, and see `wasInterrupted`. */
function overwrite(path: string, bytes: Uint8Array): void {
  writeAll(openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK), bytes, (fd) =>
    ftruncateSync(fd, bytes.length),
  )
}

function writeAll(fd: number, bytes: Uint8Array, finish: (fd: number) => void = () => undefined): void {
  try {
    writeWhole(fd, bytes)
    finish(fd)
    // Else a power cut could leave an empty file, which nobody would recognise as ours.
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

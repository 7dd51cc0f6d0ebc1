import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'

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
  try {
    replaceWith(path, temporary, () => {
      writeNew(temporary, bytes)
      prepare()
    })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error
    overwrite(path, bytes)
  }
}

/** Makes something at `temporary` and moves it to `path`. */
export function replaceWith(path: string, temporary: string, make: () => void): void {
  rmSync(temporary, { force: true })
  try {
    make()
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function writeNew(path: string, bytes: Uint8Array): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  writeAll(openSync(path, flags, 0o644), bytes)
}

/** First the content, then the length: a reader never finds the file empty, and see `wasInterrupted`. */
function overwrite(path: string, bytes: Uint8Array): void {
  writeAll(openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW), bytes, (fd) =>
    ftruncateSync(fd, bytes.length),
  )
}

function writeAll(fd: number, bytes: Uint8Array, finish: (fd: number) => void = () => undefined): void {
  try {
    for (let offset = 0; offset < bytes.length;)
      offset += writeSync(fd, bytes, offset, bytes.length - offset, offset)
    finish(fd)
    // Else a power cut could leave an empty file, which nobody would recognise as ours.
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

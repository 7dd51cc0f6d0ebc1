import { bothForms } from '../call-forms.ts'
import { provide } from '../provided.ts'
import { lstat, readText, stat } from './content-calls.ts'
import { closeForms, fdatasync, fsync, open, read, write } from './descriptor-calls.ts'
import { AtomicFile } from './atomic-file.ts'
import { getxattr, setxattr } from './extended-attributes.ts'
import { ReadStream, WriteStream, createReadStream, createWriteStream } from './file-streams.ts'
import { type FileWatches, createWatcher } from './file-watcher.ts'
import { KitFile } from './kit-file.ts'
import { readLines } from './line-reader.ts'
import { listFile } from './list-file.ts'
import { accessFlagType, accessModeType, locationType, openMode, whenceType } from './modes.ts'
import { copy } from './copy-call.ts'
import { copyDir, moveDir, moveFile } from './move-calls.ts'
import { access, copyFile, mkdir, rename, rmdir, truncate, unlink } from './path-calls.ts'
import { dup, lseek, mkdtemp, symlink, utimes } from './place-calls.ts'
import { createRandomAccessFile } from './random-access-file.ts'
import { createStream, fdopenStream } from './stream.ts'
import { TaskSignal } from './task-signal.ts'

/**
 * `fileIo` of `@kit.CoreFileKit`. Every function exists in three forms: `x(…)` gives a promise, `x(…, callback)` calls
 * back, `xSync(…)` waits; but `lseek`, `utimes`, `dup` and `createWatcher` only wait, as on the device. Errors are
 * BusinessErrors 139000xx.
 *
 * @param closeTunnel closes a descriptor if it is a tunnel's, and says so; tunnels have one owner
 * @param watches what watchers are made on
 */
export function fileIoNamespace(closeTunnel: (fd: number) => boolean, watches: FileWatches): object {
  return provide('fileIo', {
    ...bothForms({
      access,
      close: closeForms(closeTunnel),
      copyDir,
      copyFile,
      createRandomAccessFile,
      createStream,
      fdatasync,
      fdopenStream,
      fsync,
      getxattr,
      listFile,
      lstat,
      mkdir,
      mkdtemp,
      moveDir,
      moveFile,
      open,
      read,
      readLines,
      readText,
      rename,
      rmdir,
      setxattr,
      stat,
      symlink,
      truncate,
      unlink,
      write,
    }),
    copy,
    createReadStream,
    createWriteStream,
    dup,
    lseek,
    utimes,
    createWatcher: (...args: unknown[]) => createWatcher(watches, args),
    OpenMode: provide('fileIo.OpenMode', openMode),
    AccessModeType: provide('fileIo.AccessModeType', accessModeType),
    AccessFlagType: provide('fileIo.AccessFlagType', accessFlagType),
    LocationType: provide('fileIo.LocationType', locationType),
    WhenceType: provide('fileIo.WhenceType', whenceType),
    AtomicFile,
    File: KitFile,
    ReadStream,
    TaskSignal,
    WriteStream,
  })
}

import { provide } from '../provided.ts'
import { copyFile, access, mkdir, rename, rmdir, truncate, unlink } from './path-calls.ts'
import { lstat, listFile, readText, stat } from './content-calls.ts'
import { closeForms, fdatasync, fsync, open, read, write } from './descriptor-calls.ts'
import { KitFile } from './kit-file.ts'
import { accessModeType, openMode } from './modes.ts'
import type { Forms } from './operation.ts'

/**
 * `fileIo` of `@kit.CoreFileKit`. Every function exists in three forms: `x(…)` gives a promise, `x(…, callback)` calls
 * back, `xSync(…)` waits. Errors are BusinessErrors 139000xx.
 *
 * @param closeTunnel closes a descriptor if it is a tunnel's, and says so; tunnels have one owner
 */
export function fileIoNamespace(closeTunnel: (fd: number) => boolean): object {
  const operations: Readonly<Record<string, Forms<unknown>>> = {
    access,
    close: closeForms(closeTunnel),
    copyFile,
    fdatasync,
    fsync,
    listFile,
    lstat,
    mkdir,
    open,
    read,
    readText,
    rename,
    rmdir,
    stat,
    truncate,
    unlink,
    write,
  }
  const members: Record<string, unknown> = {
    OpenMode: provide('fileIo.OpenMode', openMode),
    AccessModeType: provide('fileIo.AccessModeType', accessModeType),
    File: KitFile,
  }
  for (const [name, { later, now }] of Object.entries(operations)) {
    members[name] = later
    members[`${name}Sync`] = now
  }
  return provide('fileIo', members)
}

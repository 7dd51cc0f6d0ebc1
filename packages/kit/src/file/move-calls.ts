import * as fs from 'node:fs'
import { basename, join } from 'node:path'
import { isErrno } from '@vpnext/native'

import { countArgument, pathArgument } from './arguments.ts'
import { BusinessError } from '@vpnext/api'
import { fileError, invalidArgument } from './file-error.ts'
import { type Forms, forms } from './operation.ts'

/** Two paths that stand in each other's way. */
export interface ConflictFiles {
  readonly srcFile: string
  readonly destFile: string
}

interface Transfer {
  readonly from: string
  readonly to: string
  /** 0: overwrite; 1: fail when there is something at the destination. */
  readonly mode: number
}

/** `moveFile(src, dest, mode?)`: 0 (the default) replaces what is there, 1 fails with 13900015. */
export const moveFile: Forms<void> = forms({
  read: ([from, to, mode]): Transfer => ({
    from: pathArgument(from, 'src'),
    to: pathArgument(to, 'dest'),
    mode: modeArgument(mode, 1),
  }),
  now: move,
  // Renaming is one system call; only between file systems is there anything to wait for.
  later: async (transfer) => move(transfer),
})

/**
 * `copyDir(src, dest, mode?)`: copies the folder `src` into the folder `dest`. With mode 0 (the default) a file that is
 * there already is an error 13900015 whose `data` lists all of them; with mode 1 it is replaced.
 */
export const copyDir: Forms<void> = forms({
  read: ([from, to, mode]) => folderTransfer(from, to, modeArgument(mode, 1) === 1),
  now: copyFolder,
  later: async (transfer) => copyFolder(transfer),
})

/**
 * `moveDir(src, dest, mode?)`: moves the folder `src` into the folder `dest`. When `dest` holds a folder of that name: mode
 * 0 (the default) fails 13900032 unless it is empty, 1 fails 13900015 with the files that conflict, 2 replaces them, 3
 * replaces the whole folder.
 */
export const moveDir: Forms<void> = forms({
  read: ([from, to, mode]) => ({ ...folderTransfer(from, to, true), mode: modeArgument(mode, 3) }),
  now: moveFolder,
  later: async (transfer) => moveFolder(transfer),
})

interface FolderTransfer {
  readonly from: string
  /** The folder that is made or filled: `dest` and the name of `src`. */
  readonly to: string
  readonly replace: boolean
}

function folderTransfer(from: unknown, to: unknown, replace: boolean): FolderTransfer {
  const source = pathArgument(from, 'src')
  return { from: source, to: join(pathArgument(to, 'dest'), basename(source)), replace }
}

function modeArgument(value: unknown, most: number): number {
  const mode = countArgument(value, 'mode', 0)
  if (mode <= most) return mode
  throw invalidArgument('mode', `is not within 0..${most}`)
}

function move({ from, to, mode }: Transfer): void {
  if (fs.statSync(from).isDirectory()) throw fileError('EISDIR', { field: 'src' })
  if (mode === 1 && fs.existsSync(to)) throw fileError('EEXIST', { field: 'dest' })
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error
    fs.copyFileSync(from, to)
    fs.unlinkSync(from)
  }
}

function copyFolder({ from, to, replace }: FolderTransfer): void {
  if (!fs.statSync(from).isDirectory()) throw fileError('ENOTDIR', { field: 'src' })
  if (!replace) refuseConflicts(from, to)
  fs.cpSync(from, to, { recursive: true, force: true, verbatimSymlinks: true })
}

function moveFolder(transfer: FolderTransfer & { readonly mode: number }): void {
  const { from, to, mode } = transfer
  if (!fs.statSync(from).isDirectory()) throw fileError('ENOTDIR', { field: 'src' })
  if (mode === 0 && fs.existsSync(to) && fs.readdirSync(to).length > 0) {
    throw fileError('ENOTEMPTY', { field: 'dest' })
  }
  if (mode === 1) refuseConflicts(from, to)
  if (mode === 3) fs.rmSync(to, { recursive: true, force: true })
  try {
    fs.renameSync(from, to)
  } catch (error) {
    if (!isErrno(error, 'EXDEV') && !isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error
    copyFolder(transfer)
    fs.rmSync(from, { recursive: true })
  }
}

/** @throws BusinessError 13900015 with the list of {@link ConflictFiles} as `data` */
function refuseConflicts(from: string, to: string): void {
  const conflicts = fs
    .readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry): ConflictFiles => {
      const srcFile = join(entry.parentPath, entry.name)
      return { srcFile, destFile: join(to, srcFile.slice(from.length)) }
    })
    .filter(({ destFile }) => fs.existsSync(destFile))
  if (conflicts.length === 0) return
  const { code, message } = fileError('EEXIST')
  throw new BusinessError(code, message, conflicts)
}

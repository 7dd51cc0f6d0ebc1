import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isErrno } from '@vpnext/native'
import { isBundleName } from '../protocol/bundle.ts'
import { removeTree } from './remove-tree.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants
/** What HarmonyOS gives every module below el2/base/haps/<module>. */
const moduleFolders = ['files', 'cache', 'temp', 'preferences']

/** Whom the folder belongs to; undefined: nobody but the service's user, where no other uid exists. */
export interface DataOwner {
  readonly uid: number
  readonly gid: number
}

/**
 * Makes the writable folder of a (user, bundle), shown to its host as /data/storage, complete for these modules.
 * The host may have put anything in it, symbolic links included, so every level is opened without following links and
 * reached through its descriptor.
 *
 * @param root the service's `data` folder, which nobody else can enter
 * @returns the folder's path
 * @throws an ENOTDIR or ELOOP of node when the host put something else in the place of a folder
 */
export function ensureDataFolder(
  root: string,
  ownerUid: number,
  bundleName: string,
  modules: readonly string[],
  owner: DataOwner | undefined,
): string {
  const path = dataFolderOf(root, ownerUid, bundleName)
  closeSync(openChild(root, String(ownerUid), undefined))
  const top = openChild(dirname(path), bundleName, owner)
  try {
    for (const module of modules) {
      for (const name of moduleFolders) makeBelow(top, ['el2', 'base', 'haps', module, name], owner)
    }
  } finally {
    closeSync(top)
  }
  return path
}

/**
 * Where the folder of a (user, bundle) is. Names come from clients, and must not lead anywhere else.
 *
 * @throws RangeError for what is no name of a bundle
 */
function dataFolderOf(root: string, ownerUid: number, bundleName: string): string {
  if (!isBundleName(bundleName))
    throw new RangeError(`not the name of a bundle: ${JSON.stringify(bundleName)}`)
  return join(root, String(ownerUid), bundleName)
}

/** Removes the folder. Only once no process of its uid is left, or one could redirect the removal. */
export async function removeDataFolder(root: string, ownerUid: number, bundleName: string): Promise<void> {
  await removeAside(root, dataFolderOf(root, ownerUid, bundleName))
}

/** Whether a (user, bundle) has a folder; what is no name of a bundle has none. */
export function hasDataFolder(root: string, ownerUid: number, bundleName: string): boolean {
  return isBundleName(bundleName) && existsSync(dataFolderOf(root, ownerUid, bundleName))
}

/**
 * Removes the cache folders of a bundle, of its modules and of the application as a whole. Only once no process of its uid is left.
 *
 * @param modules of the bundle
 */
export async function removeCaches(
  root: string,
  ownerUid: number,
  bundleName: string,
  modules: readonly string[],
): Promise<void> {
  const places = [['base'], ...modules.map((module) => ['base', 'haps', module])]
  for (const level of levels) {
    for (const place of places) {
      const parent = openThere(dataFolderOf(root, ownerUid, bundleName), [level, ...place])
      if (parent === undefined) continue
      try {
        await removeAside(root, `/proc/self/fd/${parent}/cache`)
      } finally {
        closeSync(parent)
      }
    }
  }
}

/** Areas of encryption on the device. */
const levels = ['el1', 'el2', 'el3', 'el4', 'el5']

/** A folder below another, no link followed; undefined when it is not there, or something else is. */
function openThere(top: string, path: readonly string[]): number | undefined {
  let fd: number | undefined
  try {
    fd = openSync(top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    for (const name of path) {
      const child = openSync(`/proc/self/fd/${fd}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      closeSync(fd)
      fd = child
    }
    return fd
  } catch (error) {
    if (fd !== undefined) closeSync(fd)
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined
    throw error
  }
}

/** Out of everybody's sight at once, and then away. @param path its last part may be a link, which goes itself */
async function removeAside(root: string, path: string): Promise<void> {
  const aside = join(root, `.removed.${randomBytes(8).toString('hex')}`)
  try {
    renameSync(path, aside)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return
    throw error
  }
  await removeTree(aside)
}

/**
 * Opens a folder in the `files` of a module, which its extension knows as `filesDir`; one that is missing is made.
 *
 * @param dataFolder from {@link ensureDataFolder}
 * @returns a descriptor, the caller's to close
 * @throws an ENOTDIR or ELOOP of node when the host put something else in the place of a folder
 */
export function openFilesFolder(
  dataFolder: string,
  module: string,
  name: string,
  owner: DataOwner | undefined,
): number {
  const top = openSync(dataFolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  try {
    return openBelow(top, ['el2', 'base', 'haps', module, 'files', name], owner)
  } finally {
    closeSync(top)
  }
}

function makeBelow(top: number, path: readonly string[], owner: DataOwner | undefined): void {
  closeSync(openBelow(top, path, owner))
}

function openBelow(top: number, path: readonly string[], owner: DataOwner | undefined): number {
  let parent = top
  for (const name of path) {
    try {
      const child = openChild(`/proc/self/fd/${parent}`, name, owner)
      if (parent !== top) closeSync(parent)
      parent = child
    } catch (error) {
      if (parent !== top) closeSync(parent)
      throw error
    }
  }
  return parent
}

/**
 * Opens a child folder; one that was missing is made 0700 and given to its owner. So is one that is still the service's: it was
 * killed, or out of descriptors, before it could give it away.
 */
function openChild(parent: string, name: string, owner: DataOwner | undefined): number {
  const path = join(parent, name)
  let made = true
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
    made = false
  }
  const fd = openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  try {
    if (!made && !isStillOurs(fd, owner)) return fd
    fchmodSync(fd, 0o700)
    if (owner !== undefined) fchownSync(fd, owner.uid, owner.gid)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function isStillOurs(fd: number, owner: DataOwner | undefined): boolean {
  const own = process.geteuid?.()
  return owner !== undefined && owner.uid !== own && fstatSync(fd).uid === own
}

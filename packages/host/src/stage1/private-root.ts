import { bindMount, makeMountsPrivate, mount, pivotRoot, unshare } from '@vpnext/native'
import type { HostLaunch } from '@vpnext/service/protocol'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

import { showAuthorities, showNetworkNames, showResolver, writeEtc } from './etc.ts'
import type { Findings } from './findings.ts'
import { mappedFiles } from './mapped-files.ts'
import { mountProc } from './proc.ts'

/** Where the new root is assembled: the first that exists and hides nothing that is still to be bound. */
const stagingPlaces = ['/sys', '/mnt', '/srv', '/opt', '/media']
/** Folders of the system that programs need; a symbolic link among them stays one. */
const systemFolders = ['/usr', '/lib', '/lib64', '/lib32', '/bin', '/sbin']
const devices = ['null', 'zero', 'full', 'random', 'urandom']

const readOnlyTree = { readOnly: true, noSetuid: true, noDevices: true } as const

/** Where things lie inside the new root. */
export const inside = { image: '/vpnext', bundle: '/bundle', data: '/data/storage' } as const

/**
 * Gives the process a file tree of its own, in which nothing of the machine is but the system's read-only folders, the
 * certificates of authorities, the host image, the bundle and the data folder. Needs CAP_SYS_ADMIN.
 *
 * @returns the path of the node binary inside
 */
export function enterPrivateRoot(launch: HostLaunch, findings: Findings): string {
  const nodePath = realpathSync(launch.nodePath)
  const extraFiles = [...new Set([nodePath, ...mappedFiles()])].filter(
    (path) => !isBelowAny(path, systemFolders),
  )
  unshare({ mount: true, ipc: true, uts: true })
  makeMountsPrivate()
  const root = stagingPlace([launch.hostImage, launch.bundleFolder, launch.dataFolder, ...extraFiles])
  mount('vpnext', root, 'tmpfs', ['noSetuid', 'noDevices'], 'mode=755,size=1m')

  for (const folder of systemFolders) showSystemFolder(folder, root)
  mkdirSync(`${root}/tmp`)
  mount('vpnext', `${root}/tmp`, 'tmpfs', ['noSetuid', 'noDevices', 'noExecute'], 'mode=1777,size=64m')
  // Not before: those that lie in the machine's /tmp would be hidden by the one of the host.
  for (const path of extraFiles) bindFile(path, `${root}${path}`)
  bindFolder(launch.hostImage, `${root}${inside.image}`, readOnlyTree)
  bindFolder(launch.bundleFolder, `${root}${inside.bundle}`, { ...readOnlyTree, noExecute: true })
  // Of the bundle, native libraries alone are mapped as code.
  const libraries = `${launch.bundleFolder}/libs`
  if (existsSync(libraries)) bindMount(libraries, `${root}${inside.bundle}/libs`, readOnlyTree)
  bindFolder(launch.dataFolder, `${root}${inside.data}`, { noSetuid: true, noDevices: true, noExecute: true })
  mkdirSync(`${root}/dev`, { recursive: true })
  for (const device of devices) bindDevice(`/dev/${device}`, `${root}/dev/${device}`)
  // Of shm_open and sem_open, for the threads of this process; the next host has its own.
  symlinkSync('/tmp', `${root}/dev/shm`)
  mountProc(`${root}/proc`, findings)
  writeEtc(`${root}/etc`, launch)
  showAuthorities(`${root}/etc`, bindFile)
  showNetworkNames(`${root}/etc`, bindFile)
  showResolver(`${root}/etc`, launch, bindFile)
  // The tmpfs that is the root itself; what is mounted in it keeps its own flags.
  mount('none', root, null, ['remount', 'bind', 'readOnly', 'noSetuid', 'noDevices'])
  pivotRoot(root)
  findings.apply('private file tree')
  return nodePath
}

function stagingPlace(sources: readonly string[]): string {
  const place = stagingPlaces.find(
    (candidate) =>
      existsSync(candidate) && !sources.some((source) => isBelowAny(realpathSync(source), [candidate])),
  )
  if (place === undefined) throw new Error(`none of ${stagingPlaces.join(', ')} can hold the new root`)
  return place
}

function showSystemFolder(folder: string, root: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  if (stat?.isSymbolicLink() === true) symlinkSync(readlinkSync(folder), `${root}${folder}`)
  else if (stat?.isDirectory() === true) bindFolder(folder, `${root}${folder}`, readOnlyTree)
}

function bindFolder(source: string, target: string, options: Parameters<typeof bindMount>[2]): void {
  mkdirSync(target, { recursive: true })
  bindMount(source, target, options)
}

function bindFile(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, '')
  bindMount(source, target, readOnlyTree)
}

function bindDevice(source: string, target: string): void {
  writeFileSync(target, '')
  bindMount(source, target, { noSetuid: true, noExecute: true })
}

function isBelowAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
}

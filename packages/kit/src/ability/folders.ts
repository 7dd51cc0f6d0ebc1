import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'

import { isErrno } from '@vpnext/native'

import { parameterError } from '../parameters.ts'

/** The folders of a context, absolute paths. */
export interface ContextFolders {
  readonly filesDir: string
  readonly cacheDir: string
  readonly tempDir: string
  readonly preferencesDir: string
  readonly databaseDir: string
  readonly bundleCodeDir: string
}

/** Where a process finds its files; absolute. */
export interface Places {
  readonly dataFolder: string
  readonly bundleFolder: string
}

/**
 * The folders of one module: `/data/storage/el2/base/haps/entry/files` and so on, as on the device.
 *
 * @param level of encryption on the device, 1 to 5; 2 is the default
 */
export function moduleFolders(places: Places, moduleName: string, level = 2): ContextFolders {
  return folders(
    `${places.dataFolder}/el${level}`,
    `/base/haps/${moduleName}`,
    `/database/${moduleName}`,
    places,
  )
}

/** The folders of the application as a whole: `/data/storage/el2/base/files` and so on. */
export function applicationFolders(places: Places, level = 2): ContextFolders {
  return folders(`${places.dataFolder}/el${level}`, '/base', '/database', places)
}

function folders(root: string, base: string, database: string, places: Places): ContextFolders {
  return {
    filesDir: `${root}${base}/files`,
    cacheDir: `${root}${base}/cache`,
    tempDir: `${root}${base}/temp`,
    preferencesDir: `${root}${base}/preferences`,
    databaseDir: `${root}${database}`,
    bundleCodeDir: codeFolder(places),
  }
}

/** Where the device has the code of the application, whichever level its files have. */
function codeFolder({ dataFolder }: Places): string {
  return `${dataFolder}/el1/bundle`
}

/** What the device calls its processors; projects have the name of a phone's written down. */
const processors = ['arm64', 'x86_64']

/** Makes the folder of the code, where the native libraries lie under the name of any processor. */
export function makeCodeFolder(places: Places): void {
  const libraries = `${codeFolder(places)}/libs`
  mkdirSync(libraries, { recursive: true, mode: 0o700 })
  for (const processor of processors) {
    try {
      symlinkSync(`${places.bundleFolder}/libs`, `${libraries}/${processor}`)
    } catch (error) {
      // Another process of the bundle, or an earlier one, has made it.
      if (!isErrno(error, 'EEXIST')) throw error
    }
  }
}

/** Makes the writable folders that do not exist yet, for the process's user alone. */
export function makeFolders(...all: readonly ContextFolders[]): void {
  for (const { filesDir, cacheDir, tempDir, preferencesDir, databaseDir } of all) {
    for (const path of [filesDir, cacheDir, tempDir, preferencesDir, databaseDir]) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    }
  }
}

/** What a group of applications is called: it becomes a file name. */
const groupPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/**
 * The folder that the processes of a bundle share under a name, which is made.
 *
 * @throws BusinessError 401
 */
export function groupFolder({ dataFolder }: Places, group: string, level: number): string {
  if (!groupPattern.test(group)) throw parameterError('dataGroupID', 'is not the name of a group')
  return madeFolder(`${dataFolder}/el${level}/group/${group}`)
}

/** A folder of the application that is made when somebody asks for it. */
export function madeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}

/** Removes everything that an application has written; the folders of contexts are made anew at its next start. */
export function clearFolders({ dataFolder }: Places): void {
  for (const level of [1, 2, 3, 4, 5]) {
    for (const name of entriesOf(`${dataFolder}/el${level}`))
      rmSync(`${dataFolder}/el${level}/${name}`, { recursive: true, force: true })
  }
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

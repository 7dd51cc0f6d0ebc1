import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { isErrno } from '@vpnext/native'

import { realPathOf } from '../real-path.ts'

/** Where builds of native modules are kept for this user: XDG_CACHE_HOME/vpnext/native. */
export function defaultCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME']
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.cache'), 'vpnext/native')
}

/** A short name for what these texts say together. */
export function keyOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    hash.update(`${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex').slice(0, 32)
}

/** Folders that hold no sources, or none that a build reads. */
const skipped = new Set(['.git', '.hvigor', '.idea', '.cxx', 'node_modules'])
/** What DevEco Studio puts into projects and modules; elsewhere, as in zstd, sources may have such a name. */
const generated = new Set(['build', 'preview'])
/** Files of the folder of a project or module. */
const marks = new Set(['build-profile.json5', 'hvigorfile.ts', 'oh-package.json5'])

/** More files than that below links to folders are not looked at: such a link leads to a whole system. */
const mostLinked = 50_000

/**
 * The names and contents of all files below a folder that `wanted` accepts, as one key. Links are followed, as a build follows them.
 *
 * @param wanted gets the path relative to the folder
 */
export async function hashFolder(
  folder: string,
  wanted: (path: string) => boolean = () => true,
): Promise<string> {
  const hash = createHash('sha256')
  const followed = new Set<string>()
  let linked = 0
  const visit = async (path: string, isLinked: boolean): Promise<void> => {
    const entries = (await readdir(join(folder, path), { withFileTypes: true })).toSorted(byName)
    const isModule = entries.some(({ name }) => marks.has(name))
    if (isLinked && (linked += entries.length) > mostLinked) return
    for (const entry of entries) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      const isSkipped = skipped.has(entry.name) || (isModule && generated.has(entry.name))
      if (entry.isDirectory()) {
        if (!isSkipped) await visit(below, isLinked)
      } else if (entry.isFile()) {
        if (wanted(below)) await takeFile(below)
      } else if (entry.isSymbolicLink()) await visitLink(below, isSkipped)
    }
  }
  const takeFile = async (path: string): Promise<void> => {
    const bytes = await readFile(join(folder, path))
    hash.update(`${path}\n${bytes.length}\n`).update(bytes)
  }
  const visitLink = async (path: string, isSkipped: boolean): Promise<void> => {
    const real = realPathOf(join(folder, path))
    const facts = real === undefined ? undefined : await stat(real).catch(() => undefined)
    if (real === undefined || facts === undefined) return
    if (facts.isFile() && wanted(path)) await takeFile(path).catch(unlessClosed)
    // One that leads to a folder around it, or to where another has led, holds nothing new.
    const isKnown = followed.has(real) || `${folder}/`.startsWith(real === '/' ? real : `${real}/`)
    if (!facts.isDirectory() || isSkipped || isKnown) return
    followed.add(real)
    await visit(path, true).catch(unlessClosed)
  }
  await visit('', false)
  return hash.digest('hex').slice(0, 32)
}

/** What is closed to this user is closed to the build too. */
function unlessClosed(error: unknown): void {
  if (!isErrno(error, 'EACCES', 'EPERM')) throw error
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

/**
 * Makes a folder of the cache in one step, so that another process sees it whole or not at all.
 *
 * @param fill writes into an empty folder
 */
export async function makeWhole(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = `${folder}.${randomBytes(6).toString('hex')}`
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(fresh, { mode: 0o700 })
  try {
    await fill(fresh)
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder).catch((error: unknown) => {
      // Another process was faster; it made the same.
      if (!isErrno(error, 'ENOTEMPTY')) throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

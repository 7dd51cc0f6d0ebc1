import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

import type { ZipSource } from './zip-writer.ts'

/**
 * What of a file or folder goes into an archive: a file by its name, of a folder what is in it. Only files and folders are taken, links are left out.
 *
 * @throws node's error for a path that is not there
 */
export async function zipSources(path: string): Promise<ZipSource[]> {
  return (await stat(path)).isDirectory() ? contentsOf(path, '') : [{ name: basename(path), path }]
}

async function contentsOf(folder: string, prefix: string): Promise<ZipSource[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  const sources: ZipSource[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const name = `${prefix}${entry.name}`
    if (entry.isFile()) sources.push({ name, path })
    if (entry.isDirectory()) sources.push({ name: `${name}/` }, ...(await contentsOf(path, `${name}/`)))
  }
  return sources
}

import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { maxArchiveBytes } from '@vpnext/service/protocol'

import { qualifiersOf, readElementFiles } from './element-files.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

/** Folders of a module's `resources` that are kept whole. */
const keptFolders = ['rawfile', 'resfile']
/** Folders of each qualifier that are kept whole; `element` is kept as plain JSON. */
const qualifiedFolders = ['media', 'profile']
/** Where the resources that all modules share go: no module can have this name. */
const appKey = '@app'

/**
 * Reads the resource files of a module.
 *
 * @param module the module's name
 * @param resources folders, e.g. `entry/src/main/resources`, of which the first wins; links inside the project are followed
 * @returns path below the bundle's resources, `<module>/rawfile/…`, to bytes
 * @throws ProjectError for a link that leaves the project, or for more bytes than an archive may hold
 */
export async function readResourceFiles(
  folder: ProjectFolder,
  module: string,
  resources: readonly string[],
): Promise<Map<string, Buffer>> {
  return await readInOrder(folder, module, resources, '!~')
}

/** Reads the resource files of a library as those of a module that is built with it; the module's own win. */
export async function readLibraryResourceFiles(
  folder: ProjectFolder,
  library: { readonly name: string; readonly resources: readonly string[] },
  module: string,
): Promise<Map<string, Buffer>> {
  const files = await readInOrder(folder, module, library.resources, '!')
  return withElementsBefore(files, `!${library.name}.`)
}

/** @param mark goes before the names of element files of which another folder's win, with the folder's rank */
async function readInOrder(
  folder: ProjectFolder,
  module: string,
  resources: readonly string[],
  mark: string,
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const [rank, each] of [...resources.entries()].toReversed()) {
    const read = await readResources(folder, each, module)
    const ranked = rank === 0 ? read : withElementsBefore(read, `${mark}${String(999 - rank)}.`)
    for (const [path, bytes] of ranked) files.set(path, bytes)
  }
  return files
}

/**
 * Of element files the one that comes last in the order of names wins: `!` comes before every letter, as do libraries' before
 * `!~`, which is of a module's own further folders.
 */
function withElementsBefore(files: ReadonlyMap<string, Buffer>, mark: string): Map<string, Buffer> {
  const renamed = [...files].map(([path, bytes]): [string, Buffer] => [
    path.replace(/\/element\/([^/]+)$/, (_path, name: string) => `/element/${mark}${name}`),
    bytes,
  ])
  return new Map(renamed)
}

/** Reads the resource files that all modules share, `AppScope/resources`, as those of a module named `@app`. */
export async function readAppResourceFiles(
  folder: ProjectFolder,
  resources: string,
): Promise<Map<string, Buffer>> {
  return await readResources(folder, resources, appKey)
}

async function readResources(
  folder: ProjectFolder,
  resources: string,
  key: string,
): Promise<Map<string, Buffer>> {
  const files = await readElementFiles(folder, resources, key)
  const budget = { bytes: maxArchiveBytes }
  const qualifiers = qualifiersOf(folder, resources)
  const qualified = qualifiers.flatMap((name) => qualifiedFolders.map((kept) => `${name}/${kept}`))
  for (const kept of [...keptFolders, ...qualified]) {
    await collect(folder, `${resources}/${kept}`, `${key}/${kept}`, files, budget)
  }
  return files
}

async function collect(
  folder: ProjectFolder,
  path: string,
  key: string,
  files: Map<string, Buffer>,
  budget: { bytes: number },
): Promise<void> {
  const found = await folder.resolve(path)
  if (found === 'missing') return
  if (found === 'outside') throw new ProjectError(fileProblem(path, 'leaves the project folder'))
  const facts = await stat(found.path)
  if (facts.isDirectory()) {
    // A link to a folder above would go round for ever.
    if (join(folder.root, path) !== found.path)
      throw new ProjectError(fileProblem(path, 'is a link to a folder'))
    for (const name of (await readdir(found.path)).toSorted()) {
      await collect(folder, `${path}/${name}`, `${key}/${name}`, files, budget)
    }
  } else if (facts.isFile()) {
    budget.bytes -= facts.size
    if (budget.bytes < 0) {
      throw new ProjectError(fileProblem(path, `the resources have more than ${maxArchiveBytes} bytes`))
    }
    files.set(key, await readFile(found.path))
  } else {
    throw new ProjectError(fileProblem(path, 'is neither a file nor a folder'))
  }
}

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
 * Reads a module's resource files.
 *
 * @param module `<module>/src/main/resources` is read, links inside the project followed
 * @returns path below the bundle's resources, `<module name>/rawfile/…`, to bytes
 * @throws ProjectError for a link that leaves the project, or for more bytes than an archive may hold
 */
export async function readResourceFiles(
  folder: ProjectFolder,
  module: { readonly name: string; readonly path: string },
): Promise<Map<string, Buffer>> {
  return await readResources(folder, `${module.path}/src/main/resources`, module.name)
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
  const qualifiers = await qualifiersOf(folder, resources)
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

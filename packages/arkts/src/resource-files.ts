import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { maxArchiveBytes } from '@vpnext/service/protocol'

import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

/** The parts of a module's `resources` that are files at run time: `element` is resolved while reading the project. */
const keptFolders = ['rawfile', 'resfile', 'base/media', 'base/profile']

/**
 * Reads a module's resource files.
 *
 * @param module `<module>/src/main/resources` is read, links inside the project followed
 * @returns path below the bundle's resources, `<module name>/rawfile/…`, to bytes; sorted by path
 * @throws ProjectError for a link that leaves the project, or for more bytes than an archive may hold
 */
export async function readResourceFiles(
  folder: ProjectFolder,
  module: { readonly name: string; readonly path: string },
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const budget = { bytes: maxArchiveBytes }
  for (const kept of keptFolders) {
    await collect(
      folder,
      `${module.path}/src/main/resources/${kept}`,
      `${module.name}/${kept}`,
      files,
      budget,
    )
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

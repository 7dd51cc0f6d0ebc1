import { join } from 'node:path'

import { folderEntries, folderNames } from './folder-entries.ts'

/** Folders that hold packages, or what was built, and no project. */
export const passedOver: RegExp = /^(?:\.|(?:node_modules|oh_modules|build)$)/

/** Whether a folder is that of a project, by the file that each has. */
export function isProjectFolder(folder: string): boolean {
  return folderNames(join(folder, 'AppScope')).includes('app.json5')
}

/**
 * The project folders below a folder that is none itself, such as that of a repository with several parts: two levels deep.
 *
 * @param folder absolute
 * @returns paths relative to it, in the order of their names
 */
export function nestedProjects(folder: string, depth = 2): string[] {
  const below = folderEntries(folder)
    .filter((entry) => entry.isDirectory() && !passedOver.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
  return below.flatMap((name) => {
    if (isProjectFolder(join(folder, name))) return [name]
    return depth > 1 ? nestedProjects(join(folder, name), depth - 1).map((inner) => `${name}/${inner}`) : []
  })
}

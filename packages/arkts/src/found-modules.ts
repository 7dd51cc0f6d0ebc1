import { join } from 'node:path'

import { folderEntries, folderNames } from './folder-entries.ts'
import { isProjectFolder, passedOver } from './nested-projects.ts'

/** `features/home` and `common/kits/base` are as deep as projects have them. */
const deepest = 3
/** The module that DevEco Studio makes first. */
export const usualModule = 'entry'

/**
 * Where the modules are of a project without build-profile.json5. Many repositories leave it out, because DevEco Studio writes the
 * passwords of signing keys into it.
 *
 * @param root the project's folder, absolute
 * @returns paths relative to it: `entry` first, the others in the order of their names; `entry` alone when there are none
 */
export function foundModules(root: string): string[] {
  const others = modulesBelow(root, '', deepest).filter((path) => path !== usualModule)
  return others.length === 0 || isModule(join(root, usualModule)) ? [usualModule, ...others] : others
}

function modulesBelow(root: string, path: string, depth: number): string[] {
  const names = folderEntries(join(root, path))
    .filter((entry) => entry.isDirectory() && !passedOver.test(entry.name))
    .map(({ name }) => name)
    .toSorted()
  return names.flatMap((name) => {
    const below = path === '' ? name : `${path}/${name}`
    if (isModule(join(root, below))) return [below]
    // A sample, or another project that is kept here.
    if (depth === 1 || isProjectFolder(join(root, below))) return []
    return modulesBelow(root, below, depth - 1)
  })
}

function isModule(folder: string): boolean {
  return folderNames(join(folder, 'src/main')).includes('module.json5')
}

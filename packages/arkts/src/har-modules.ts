import { posix } from 'node:path'

import { readPackageFile } from './package-file.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { ProjectModule } from './project-module.ts'

/**
 * The static libraries (HAR) that a module is built with, as its `oh-package.json5` and theirs name them: `file:` dependencies.
 *
 * @returns modules of the project, those that others depend on first
 * @throws ProjectError for an `oh-package.json5` that is not as it should be
 */
export async function harModulesOf(
  folder: ProjectFolder,
  modules: readonly ProjectModule[],
  module: ProjectModule,
): Promise<ProjectModule[]> {
  const found = new Set<ProjectModule>()
  const visit = async (path: string, above: readonly string[]): Promise<void> => {
    const dependencies = (await readPackageFile(folder, path))?.content.dependencies ?? {}
    for (const version of Object.values(dependencies)) {
      if (!version.startsWith('file:')) continue
      const place = posix.normalize(posix.join(path, version.slice('file:'.length))).replace(/\/$/, '')
      const har = modules.find((each) => each.path === place && each.type === 'har')
      if (har === undefined || above.includes(place)) continue
      await visit(place, [...above, place])
      found.add(har)
    }
  }
  await visit(module.path, [module.path])
  return [...found]
}

/**
 * A module with the permissions too that its static libraries ask for: those hold for the whole application.
 *
 * @throws ProjectError as {@link harModulesOf}
 */
export async function withLibraryPermissions(
  folder: ProjectFolder,
  modules: readonly ProjectModule[],
  module: ProjectModule,
): Promise<ProjectModule> {
  if (module.type === 'har') return module
  const libraries = await harModulesOf(folder, modules, module)
  const permissions = [module, ...libraries].flatMap((each) => each.permissions)
  return { ...module, permissions: [...new Set(permissions)] }
}

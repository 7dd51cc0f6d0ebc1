import { Buffer } from 'node:buffer'

import { ProjectError, fileProblem } from '../project-error.ts'
import type { Project } from '../project.ts'
import type { NativeBuild } from './build-native.ts'

/**
 * A bundle has one folder of libraries, where the device has one for each HAP: of those of a name, that of the module with an extension
 * is wanted.
 *
 * @returns the builds in an order in which later ones may replace libraries of earlier ones
 * @throws ProjectError when modules that both have extensions make different libraries of a name
 */
export function inOrderOfUse(
  builds: readonly NativeBuild[],
  { modules }: Pick<Project, 'modules'>,
): NativeBuild[] {
  const rankOf = ({ moduleName }: NativeBuild): number => {
    const module = modules.find(({ name }) => name === moduleName)
    if (module?.abilities.some(({ kind }) => kind === 'extension') === true) return 2
    return module?.type === 'entry' ? 1 : 0
  }
  const ordered = builds.toSorted((a, b) => rankOf(a) - rankOf(b))
  const makers = new Map<string, NativeBuild>()
  for (const build of ordered.filter((each) => rankOf(each) === 2)) {
    for (const [name, bytes] of build.libraries) {
      const other = makers.get(name)
      const others = other?.libraries.get(name)
      if (other !== undefined && others !== undefined && Buffer.compare(others, bytes) !== 0)
        throw new ProjectError(
          fileProblem(
            `${build.moduleName}: CMakeLists.txt`,
            `makes ${name}, and so does ${other.moduleName}: the extensions of both would have the same one`,
            'give one of them another name',
          ),
        )
      makers.set(name, build)
    }
  }
  return ordered
}

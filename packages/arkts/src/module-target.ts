import { statSync } from 'node:fs'
import { posix } from 'node:path'

import * as z from 'zod/mini'

import { readConfiguration } from './configuration-file.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

/** What a module is built as: one of the `targets` of its build-profile.json5. */
export interface ModuleTarget {
  readonly name: string
  /** Folders with code of this target alone, relative to the project folder; looked through in their order, before `src/main`. */
  readonly sourceRoots: readonly string[]
  /** Folders of resources, relative to the project folder. Of what is there twice, the first folder's counts. */
  readonly resources: readonly string[]
}

/** `build-profile.json5` of a module, the keys read here. */
const profileFile = z.object({
  targets: z._default(
    z.array(
      z.object({
        name: z.string(),
        source: z.optional(z.object({ sourceRoots: z._default(z.array(z.string()), []) })),
        resource: z.optional(z.object({ directories: z._default(z.array(z.string()), []) })),
      }),
    ),
    [],
  ),
})

/**
 * Reads what a module's target says of its folders.
 *
 * @param module its folder, relative to the project folder
 * @param name of the target
 * @returns `problems`: folders that are not there
 * @throws ProjectError for a build-profile.json5 that is not as it should be, and for a folder outside the project
 */
export async function readModuleTarget(
  folder: ProjectFolder,
  module: string,
  name: string,
): Promise<{ readonly target: ModuleTarget; readonly problems: readonly ProjectProblem[] }> {
  const target = { name, sourceRoots: [], resources: [`${module}/src/main/resources`] }
  const file = await readConfiguration(folder, `${module}/build-profile.json5`, profileFile)
  const index = file?.content.targets.findIndex((each) => each.name === name) ?? -1
  const written = file?.content.targets[index]
  if (file === undefined || written === undefined) return { target, problems: [] }
  const problems: ProjectProblem[] = []
  const existing = async (folders: readonly string[], key: readonly string[]): Promise<string[]> => {
    const found: string[] = []
    for (const [at, each] of folders.entries()) {
      const problem = (reason: string): ProjectProblem =>
        file.problem(['targets', index, ...key, at], reason, `relative to ${module}`)
      const place = await folder.resolve(posix.join(module, each))
      if (place === 'outside') throw new ProjectError(problem(`${each} leaves the project folder`))
      if (place === 'missing' || !statSync(place.path).isDirectory())
        problems.push(problem(`no such folder: ${each}`))
      else found.push(folder.show(place.path))
    }
    return found
  }
  const sourceRoots = await existing(written.source?.sourceRoots ?? [], ['source', 'sourceRoots'])
  const resources = await existing(written.resource?.directories ?? [], ['resource', 'directories'])
  return {
    target: { name, sourceRoots, resources: resources.length === 0 ? target.resources : resources },
    problems,
  }
}

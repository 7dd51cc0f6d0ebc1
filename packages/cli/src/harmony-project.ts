import { existsSync } from 'node:fs'
import {
  type CompiledProject,
  type Project,
  ProjectError,
  compileProject,
  describeProblem,
  openProjectSource,
  packBundle,
  readProject,
} from '@vpnext/arkts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { visible } from './text/visible.ts'

/**
 * Reads a HarmonyOS project folder.
 *
 * @throws CliFailure naming file, line and key of what is wrong; exit code 5 when there is no such folder
 */
export function openProject(folder: string, signal: AbortSignal): Promise<Project> {
  return explainingProblems(folder, () => readProject(folder, { signal }))
}

/** A compiled project, and the archive of it that a service installs. */
export interface CompiledArchive {
  readonly compiled: CompiledProject
  readonly archive: Uint8Array
}

/**
 * Compiles a project.
 *
 * @param path its folder, or a zip archive of it
 * @throws CliFailure as {@link openProject}
 */
export function compileArchive(path: string, signal: AbortSignal): Promise<CompiledArchive> {
  return explainingProblems(path, async () => {
    await using source = await openProjectSource(path)
    const compiled = await compileProject(await readProject(source.folder, { signal }), { signal })
    return { compiled, archive: packBundle(compiled) }
  })
}

async function explainingProblems<T>(path: string, action: () => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw new CliFailure(exitCodes.notFound, `there is no folder or file ${path}`)
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    const lines = error.problems.map((problem) => visible(describeProblem(problem)))
    const text = lines.length === 1 ? lines : [`${lines.length} problems in ${path}:`, ...lines]
    throw new CliFailure(exitCodes.failure, text.join('\n  '), {
      details: { problems: error.problems },
      cause: error,
    })
  }
}

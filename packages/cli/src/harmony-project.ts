import { existsSync } from 'node:fs'
import {
  type Project,
  ProjectError,
  compileProject,
  describeProblem,
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

/**
 * Compiles a project into the archive that a service installs.
 *
 * @throws CliFailure as {@link openProject}
 */
export async function compileArchive(folder: string, signal: AbortSignal): Promise<Uint8Array> {
  const project = await openProject(folder, signal)
  return explainingProblems(folder, async () => packBundle(await compileProject(project, { signal })))
}

async function explainingProblems<T>(folder: string, action: () => Promise<T>): Promise<T> {
  if (!existsSync(folder)) throw new CliFailure(exitCodes.notFound, `there is no folder ${folder}`)
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    const lines = error.problems.map((problem) => visible(describeProblem(problem)))
    const text = lines.length === 1 ? lines : [`${lines.length} problems in ${folder}:`, ...lines]
    throw new CliFailure(exitCodes.failure, text.join('\n  '), {
      details: { problems: error.problems },
      cause: error,
    })
  }
}

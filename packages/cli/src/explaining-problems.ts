import { existsSync } from 'node:fs'
import { ProjectError, type ProjectProblem, describeProblem } from '@vpnext/arkts'
import { CliFailure } from './cli-failure.ts'
import { exitCodes } from './exit-codes.ts'
import { visible } from './text/visible.ts'

/**
 * Does something with a project.
 *
 * @param path its folder, or a zip archive of it
 * @throws CliFailure naming file, line and key of what is wrong; exit code 5 when there is no such folder
 */
export async function explainingProblems<T>(path: string, action: () => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw new CliFailure(exitCodes.notFound, `there is no folder or file ${path}`)
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    const lines = error.problems.map(describe)
    const text = lines.length === 1 ? lines : [`${lines.length} problems in ${path}:`, ...lines]
    throw new CliFailure(exitCodes.failure, text.join('\n  '), {
      details: { problems: error.problems },
      cause: error,
    })
  }
}

/** The last words of a tool have several lines; indented, none of them looks like one of ours. */
function describe(problem: ProjectProblem): string {
  return describeProblem(problem).split('\n').map(visible).join('\n    ')
}

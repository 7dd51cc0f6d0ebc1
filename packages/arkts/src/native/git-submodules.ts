import { readFile, readdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { type ProjectProblem, fileProblem } from '../project-error.ts'

/** How far above a project its repository may begin. */
const maxLevels = 4

/**
 * Submodules that a clone has named and not fetched: what native code lacks is usually in them.
 *
 * @param project folder of the project, absolute; its repository may begin above it
 * @returns one problem for each that is empty or not there
 */
export async function missingSubmodules(project: string): Promise<ProjectProblem[]> {
  const repository = await repositoryOf(project)
  const text = await readFile(join(repository, '.gitmodules'), 'utf8').catch(() => '')
  const paths = [...text.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map(([, path]) => path ?? '')
  const problems: ProjectProblem[] = []
  for (const path of paths) {
    const names = await readdir(join(repository, path)).catch(() => [])
    if (names.length > 0) continue
    const file = relative(project, join(repository, '.gitmodules'))
    problems.push(fileProblem(file, `the submodule ${path} is not there`, 'git submodule update --init'))
  }
  return problems
}

/** The folder of `.git` that a project is in; the project's own when it is in none. */
async function repositoryOf(project: string): Promise<string> {
  for (let folder = project, level = 0; level < maxLevels; level += 1, folder = dirname(folder)) {
    if ((await stat(join(folder, '.git')).catch(() => undefined)) !== undefined) return folder
  }
  return project
}

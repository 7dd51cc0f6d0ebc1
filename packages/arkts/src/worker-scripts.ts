import { posix } from 'node:path'

import { workerKey } from '@vpnext/service/protocol'

import { readWorkerPaths } from './build-profile-module.ts'
import { fileProblem } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { Project } from './project.ts'
import type { ScriptEntry } from './build-options.ts'

/** Why a file that is named is none. */
const reasons = {
  missing: 'is not there',
  outside: 'leaves the project folder',
  'no-file': 'is not a file',
} as const

/**
 * The scripts of workers that the modules' build-profile.json5 name. Code asks for one by its module and its path below `src/main`.
 *
 * @returns `problems`: files that are not there
 * @throws ProjectError for a build-profile.json5 that is not as it should be
 */
export async function workerEntries(
  folder: ProjectFolder,
  project: Project,
): Promise<{ readonly entries: readonly ScriptEntry[]; readonly problems: readonly ProjectProblem[] }> {
  const entries: ScriptEntry[] = []
  const problems: ProjectProblem[] = []
  for (const { name, path } of project.modules) {
    for (const worker of await readWorkerPaths(folder, path)) {
      const found = await folder.resolveFile(posix.join(path, worker))
      if (typeof found === 'string') {
        problems.push(fileProblem(`${path}/build-profile.json5`, `the worker ${worker} ${reasons[found]}`))
        continue
      }
      const source = folder.show(found.path)
      const place = posix.relative(`${path}/src/main`, source).replace(/\.(ets|ts|js)$/, '')
      entries.push({ source, key: workerKey(`${name}/${place}`) })
    }
  }
  return { entries, problems }
}

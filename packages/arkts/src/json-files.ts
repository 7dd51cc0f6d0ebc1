import { join } from 'node:path'
import type { z } from 'zod/mini'

import { type ConfigurationFile, readConfiguration } from './configuration-file.ts'
import { folderNames } from './folder-entries.ts'
import type { ProjectFolder } from './project-folder.ts'

/**
 * Reads the JSON5 files of one folder, in the order of their names.
 *
 * @param path of the folder, relative to the project; a missing one has none
 * @throws ProjectError for a file that is not as it should be
 */
export async function* jsonFilesIn<T>(
  folder: ProjectFolder,
  path: string,
  schema: z.ZodMiniType<T>,
): AsyncGenerator<{ readonly name: string; readonly file: ConfigurationFile<T> }> {
  const names = folderNames(join(folder.root, path)).filter((name) => name.endsWith('.json'))
  for (const name of names.toSorted()) {
    const file = await readConfiguration(folder, `${path}/${name}`, schema)
    if (file !== undefined) yield { name, file }
  }
}

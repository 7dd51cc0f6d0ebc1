import { join } from 'node:path'

import * as z from 'zod/mini'

import { folderEntries } from './folder-entries.ts'
import { jsonFilesIn } from './json-files.ts'
import type { ProjectFolder } from './project-folder.ts'

/** Folders of a module's `resources` that are no qualifier, such as `base` or `de_AT`, is one. */
const unqualified: ReadonlySet<string> = new Set(['rawfile', 'resfile'])

const elements = z.record(z.string(), z.unknown())

/** The qualifiers below a folder of resources, sorted: `base`, `de_AT`, `dark` and so on. */
export function qualifiersOf(folder: ProjectFolder, resources: string): string[] {
  return folderEntries(join(folder.root, resources))
    .filter((entry) => entry.isDirectory() && !unqualified.has(entry.name))
    .map((entry) => entry.name)
    .toSorted()
}

/**
 * Reads the element files (`string.json`, `color.json` …) of one folder of resources, for the resource manager at run time.
 *
 * @param resources relative to the project, e.g. `entry/src/main/resources`
 * @param key where they go below the bundle's resources, e.g. `entry`
 * @returns path below the bundle's resources, `entry/base/element/string.json`, to plain JSON, whatever the author wrote
 * (comments, trailing commas)
 * @throws ProjectError for a file that is no JSON5 object
 */
export async function readElementFiles(
  folder: ProjectFolder,
  resources: string,
  key: string,
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const qualifier of qualifiersOf(folder, resources)) {
    const path = `${resources}/${qualifier}/element`
    for await (const { name, file } of jsonFilesIn(folder, path, elements)) {
      files.set(`${key}/${qualifier}/element/${name}`, Buffer.from(JSON.stringify(file.content)))
    }
  }
  return files
}

import * as z from 'zod/mini'

import { readConfiguration } from './configuration-file.ts'
import type { ProjectFolder } from './project-folder.ts'

/** What a description has in the place of a version: a key of the project's file of parameters. */
const reference = /^@param:(.+)$/

const rootDescription = z.object({ parameterFile: z.optional(z.string()) })
const parameterFile = z.record(z.string(), z.unknown())

/**
 * Puts the project's parameters into versions: `@param:dependencies.library` is that member of the file that `parameterFile` of the
 * project's `oh-package.json5` names. One that is not there stays as it is written.
 *
 * @param versions by package name
 * @throws ProjectError for a file of parameters that is no JSON5 object
 */
export async function withParameters(
  folder: ProjectFolder,
  versions: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  if (!Object.values(versions).some((version) => reference.test(version))) return versions
  const root = await readConfiguration(folder, 'oh-package.json5', rootDescription)
  const path = root?.content.parameterFile
  const parameters = path === undefined ? undefined : await readConfiguration(folder, path, parameterFile)
  const meaning = (version: string): string => {
    const key = reference.exec(version)?.[1]
    const value = key === undefined ? undefined : memberOf(parameters?.content, key)
    return typeof value === 'string' ? value : version
  }
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, meaning(version)]))
}

/** A member by its name with dots, which may be of members in members. */
function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, key)) return Reflect.get(value, key)
  // Names of packages may have dots too.
  for (let at = key.indexOf('.'); at >= 0; at = key.indexOf('.', at + 1)) {
    const [head, rest] = [key.slice(0, at), key.slice(at + 1)]
    const found = Object.hasOwn(value, head) ? memberOf(Reflect.get(value, head), rest) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

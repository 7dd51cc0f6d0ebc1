import { join, parse } from 'node:path'

import type { ConfigurationFile } from './configuration-file.ts'
import { qualifiersOf } from './element-files.ts'
import { folderNames } from './folder-entries.ts'
import type { KeyPath } from './json5-positions.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { ProjectModule } from './project-module.ts'

/** A file that a configuration names, such as `$media:icon`. */
export interface ResourceReference {
  readonly kind: 'media' | 'profile'
  readonly name: string
  readonly problem: (reason: string, hint?: string) => ProjectProblem
}

const pattern = /^\$(media|profile):(.+)$/

/** What a configuration file names, wherever it does. */
export function referencesOf(file: ConfigurationFile<unknown>): ResourceReference[] {
  return referencesIn(file.raw, [], file)
}

function referencesIn(value: unknown, path: KeyPath, file: ConfigurationFile<unknown>): ResourceReference[] {
  if (typeof value === 'string') {
    const [, kind, name = ''] = pattern.exec(value) ?? []
    if (kind !== 'media' && kind !== 'profile') return []
    return [{ kind, name, problem: (reason, hint) => file.problem(path, reason, hint) }]
  }
  if (typeof value !== 'object' || value === null) return []
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((each: unknown, index) => [index, each])
    : Object.entries(value)
  return entries.flatMap(([key, each]) => referencesIn(each, [...path, key], file))
}

/**
 * Finds references to files that are nowhere: neither in the resources of the app and of its modules, nor in those of packages that lie in
 * `oh_modules`, any of which may be part of what is built.
 *
 */
export function missingResources(
  folder: ProjectFolder,
  references: readonly ResourceReference[],
  modules: readonly ProjectModule[],
): { readonly kind: ResourceReference['kind']; readonly problem: ProjectProblem }[] {
  const places = ['AppScope/resources', ...modules.flatMap(({ target }) => target.resources)]
  const own = namesIn(folder, places)
  const missing = references.filter((reference) => !own.has(keyOf(reference)))
  if (missing.length === 0) return []
  const packages = namesIn(folder, packageResources(folder, ['', ...modules.map(({ path }) => path)]))
  return missing
    .filter((reference) => !packages.has(keyOf(reference)))
    .map(({ kind, name, problem }) => ({
      kind,
      problem: problem(
        `$${kind}:${name} is not defined`,
        `there is no file ${name} in a folder ${kind} of the resources`,
      ),
    }))
}

function keyOf({ kind, name }: Pick<ResourceReference, 'kind' | 'name'>): string {
  return `${kind}:${name}`
}

/** Files by kind and name, without their extension. */
function namesIn(folder: ProjectFolder, places: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const place of places) {
    for (const qualifier of qualifiersOf(folder, place)) {
      for (const kind of ['media', 'profile'] as const) {
        const files = folderNames(join(folder.root, place, qualifier, kind))
        for (const file of files) names.add(keyOf({ kind, name: parse(file).name }))
      }
    }
  }
  return names
}

/** Resource folders of installed packages, `@scope/name` too, relative to the project. */
export function packageResources(folder: ProjectFolder, places: readonly string[]): string[] {
  const found: string[] = []
  for (const place of places) {
    const modules = join(place, 'oh_modules')
    for (const name of folderNames(join(folder.root, modules))) {
      const inner = name.startsWith('@') ? folderNames(join(folder.root, modules, name)) : ['']
      found.push(...inner.map((each) => join(modules, name, each, 'src/main/resources')))
    }
  }
  return found
}

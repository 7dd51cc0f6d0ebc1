import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ProjectError, fileProblem } from './project-error.ts'
import { appResources } from './project.ts'
import type { ProjectProblem } from './project-error.ts'
import { ProjectFolder } from './project-folder.ts'
import type { ProjectAbility } from './project-module.ts'
import type { Project } from './project.ts'
import { readAppResourceFiles, readResourceFiles } from './resource-files.ts'
import { compileScript } from './script.ts'
import type { CompiledScript } from './script.ts'

/** A project with its code compiled and its resources read: all that a bundle archive holds. */
export interface CompiledProject {
  readonly project: Project
  /** By ability name; only extensions of type `vpn` have one. */
  readonly entries: ReadonlyMap<string, CompiledEntry>
  /** Abilities that are listed but cannot run: pages, and extensions of other types. */
  readonly notCompiled: readonly string[]
  /** Path below the bundle's resources to bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** `@kit.*` and `@ohos.*` modules the code needs, sorted. */
  readonly kits: readonly string[]
  /** `lib*.so` modules the code needs, sorted: each needs a build for Linux, or the extension cannot run. */
  readonly natives: readonly string[]
  readonly warnings: readonly ProjectProblem[]
}

/** The compiled module of one extension. */
export interface CompiledEntry extends CompiledScript {
  /** The export that holds the class. */
  readonly exportName: string
}

/**
 * Compiles every VPN extension of a project. Nothing of it is run, nothing is written.
 *
 * @throws ProjectError naming file, line and column of what does not compile
 * @throws the signal's reason when it aborts; it is looked at between entries
 */
export async function compileProject(
  project: Project,
  options: { signal?: AbortSignal } = {},
): Promise<CompiledProject> {
  const folder = await ProjectFolder.open(project.folder)
  const entries = new Map<string, CompiledEntry>()
  const notCompiled: string[] = []
  const files = new Map<string, Uint8Array>(await readAppResourceFiles(folder, appResources))
  for (const module of project.modules) {
    for (const ability of module.abilities) {
      options.signal?.throwIfAborted()
      if (ability.type !== 'vpn') notCompiled.push(ability.name)
      else entries.set(ability.name, await compileEntry(folder, ability))
    }
    for (const [path, bytes] of await readResourceFiles(folder, module)) files.set(path, bytes)
  }
  const scripts = [...entries.values()]
  return {
    project,
    entries,
    notCompiled,
    files,
    kits: union(scripts.map((script) => script.kits)),
    natives: union(scripts.map((script) => script.natives)),
    warnings: scripts.flatMap((script) => script.warnings),
  }
}

async function compileEntry(folder: ProjectFolder, ability: ProjectAbility): Promise<CompiledEntry> {
  const script = await compileScript(folder, ability.source, ability.name)
  const text = await readFile(join(folder.root, ability.source), 'utf8')
  const exportName = findExport(script.exports, text)
  if (exportName !== undefined) return { ...script, exportName }
  throw new ProjectError(
    fileProblem(
      ability.source,
      'exports no class that extends VpnExtensionAbility',
      `write: export default class ${ability.name} extends VpnExtensionAbility`,
    ),
  )
}

/** `default` as on HarmonyOS; else the first class the file declares as an extension; else the only export. */
function findExport(exports: readonly string[], source: string): string | undefined {
  if (exports.includes('default')) return 'default'
  for (const [, name] of source.matchAll(/\bclass\s+([\w$]+)\s+extends\s+VpnExtensionAbility\b/g)) {
    if (name !== undefined && exports.includes(name)) return name
  }
  return exports.length === 1 ? exports[0] : undefined
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted()
}

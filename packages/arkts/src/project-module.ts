import { join, posix } from 'node:path'

import { requireConfiguration } from './configuration-file.ts'
import type { ConfigurationFile } from './configuration-file.ts'
import { moduleFile } from './configuration-schemas.ts'
import type { AbilityConfiguration, Metadata, ModuleConfiguration } from './configuration-schemas.ts'
import type { KeyPath } from './json5-positions.ts'
import { readModuleTarget } from './module-target.ts'
import type { ModuleTarget } from './module-target.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import { type ResourceReference, referencesOf } from './resource-references.ts'
import { SourceFiles } from './source-files.ts'
import { StringResources } from './string-resources.ts'

/** A module of the project: `<module>/src/main/module.json5` and what lies beside it. */
export interface ProjectModule {
  readonly name: string
  readonly type: ModuleConfiguration['type']
  /** Relative to the project folder, e.g. `entry`. */
  readonly path: string
  readonly target: ModuleTarget
  /** The file of its AbilityStage, relative to the project folder; it exists, inside the project. */
  readonly stage?: string
  /** Pages first, then extensions, each in the order of the file. */
  readonly abilities: readonly ProjectAbility[]
  /** Names of the permissions it asks for. */
  readonly permissions: readonly string[]
  readonly metadata: readonly Metadata[]
  /** Files of resources that its module.json5 names. */
  readonly references: readonly ResourceReference[]
  /** What of its module.json5 is taken for something else. */
  readonly warnings: readonly ProjectProblem[]
}

/** A module as build-profile.json5 of the project names it. */
export interface ModulePlace {
  /** Undefined in a project without that file. */
  readonly name: string | undefined
  /** Relative to the project folder. */
  readonly path: string
  /** The name of the target that is built. */
  readonly target: string
}

/** An ability of a module and the file that holds its class. */
export interface ProjectAbility {
  readonly name: string
  readonly kind: 'page' | 'extension'
  /** `type` in module.json5, e.g. `vpn`; `''` for a page. */
  readonly type: string
  /** The file of its class, relative to the project folder; it exists, inside the project. */
  readonly source: string
  readonly description: string
  readonly metadata: readonly Metadata[]
  /** A problem with one of its keys in module.json5. */
  problem(key: string, reason: string, hint?: string): ProjectProblem
}

/** Where the texts are that `$string:` means. */
interface ModuleTexts {
  readonly appResources: string
  readonly libraryTexts: () => Promise<StringResources>
}

/**
 * Reads one module.
 *
 * @param texts.appResources the folder of those shared by all modules
 * @param texts.libraryTexts those of libraries, for what neither the module nor the app has
 * @throws ProjectError
 */
export async function readModule(
  folder: ProjectFolder,
  place: ModulePlace,
  { appResources, libraryTexts }: ModuleTexts,
): Promise<ProjectModule> {
  const main = `${place.path}/src/main`
  const hint =
    place.name === undefined ? '' : `build-profile.json5 names the module ${place.name} at ./${place.path}`
  const file = await requireConfiguration(folder, `${main}/module.json5`, moduleFile, hint)
  const { module } = file.content
  if (place.name !== undefined && module.name !== place.name) {
    const reason = `is ${module.name}, but build-profile.json5 names this module ${place.name}`
    throw new ProjectError(file.problem(['module', 'name'], reason))
  }
  const { target, problems } = await readModuleTarget(folder, place.path, place.target)
  const strings = await StringResources.read(folder, [appResources, ...target.resources.toReversed()])
  const read = (
    ability: AbilityConfiguration,
    path: KeyPath,
  ): Promise<Omit<ProjectAbility, 'kind' | 'type'>> =>
    readAbility({ folder, file, main, strings, libraryTexts }, ability, path)
  const abilities: ProjectAbility[] = []
  for (const [index, ability] of module.abilities.entries()) {
    abilities.push({ ...(await read(ability, ['module', 'abilities', index])), kind: 'page', type: '' })
  }
  const warnings = [...problems]
  for (const [index, ability] of module.extensionAbilities.entries()) {
    const path = ['module', 'extensionAbilities', index] as const
    const common = await read(ability, path)
    const isMistaken = ability.type !== 'vpn' && mistakenVpnType.test(ability.type)
    if (isMistaken) {
      const reason = `${ability.type} is taken for vpn, and a device refuses it`
      warnings.push(file.problem([...path, 'type'], reason, 'write: "type": "vpn"'))
    }
    abilities.push({ ...common, kind: 'extension', type: isMistaken ? 'vpn' : ability.type })
  }
  const permissions = module.requestPermissions.map((permission) => permission.name)
  const stage =
    module.srcEntry === undefined
      ? undefined
      : await findSource({ folder, main }, module.srcEntry, (reason, advice) =>
          file.problem(['module', 'srcEntry'], reason, advice),
        )
  return {
    name: module.name,
    type: module.type,
    path: place.path,
    target,
    ...(stage !== undefined && { stage }),
    abilities,
    permissions,
    metadata: module.metadata,
    references: referencesOf(file),
    warnings,
  }
}

/** What older guides, and code made from them, write for `vpn`. */
const mistakenVpnType = /^vpn(?:[.-]?extension(?:ability)?)?$/i

interface ModuleContext {
  readonly folder: ProjectFolder
  readonly file: ConfigurationFile<{ module: ModuleConfiguration }>
  /** `<module>/src/main` */
  readonly main: string
  readonly strings: StringResources
  readonly libraryTexts: () => Promise<StringResources>
}

async function readAbility(
  { folder, file, main, strings, libraryTexts }: ModuleContext,
  ability: AbilityConfiguration,
  path: KeyPath,
): Promise<Omit<ProjectAbility, 'kind' | 'type'>> {
  const problem = (key: string, reason: string, hint?: string): ProjectProblem =>
    file.problem([...path, key], reason, hint)
  const source = await findSource({ folder, main }, ability.srcEntry, (reason, advice) =>
    problem('srcEntry', reason, advice),
  )
  const description =
    strings.expand(ability.description) ?? (await libraryTexts()).expand(ability.description)
  if (description === undefined) {
    throw new ProjectError(problem('description', `${ability.description} is not defined`))
  }
  return { name: ability.name, source, description, metadata: ability.metadata, problem }
}

/** The file that a `srcEntry` means, relative to the project folder. */
async function findSource(
  { folder, main }: Pick<ModuleContext, 'folder' | 'main'>,
  srcEntry: string,
  problem: (reason: string, hint?: string) => ProjectProblem,
): Promise<string> {
  const found = await folder.resolveFile(posix.join(main, srcEntry))
  if (found === 'outside') throw new ProjectError(problem(`${srcEntry} leaves the project folder`))
  if (found === 'missing') {
    const other = new SourceFiles().findOtherCase(join(folder.root, main, srcEntry))
    const hint =
      other === undefined ? `relative to ${main}` : `there is ${other}: upper and lower case differ`
    throw new ProjectError(problem(`no such file: ${srcEntry}`, hint))
  }
  if (found === 'no-file') throw new ProjectError(problem(`${srcEntry} is not a file`))
  return folder.show(found.path)
}

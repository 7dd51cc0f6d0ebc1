import { posix } from 'node:path'

import { builtByDefault, defaultName } from './built-by-default.ts'
import { readConfiguration, requireConfiguration } from './configuration-file.ts'
import type { ConfigurationFile } from './configuration-file.ts'
import { appFile, buildProfileFile, shownTextProblem } from './configuration-schemas.ts'
import type { BuildProfileConfiguration, ProductConfiguration } from './configuration-schemas.ts'
import { foundModules, usualModule } from './found-modules.ts'
import { isProjectFolder, nestedProjects } from './nested-projects.ts'
import { withLibraryPermissions } from './har-modules.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import { ProjectFolder } from './project-folder.ts'
import { readModule } from './project-module.ts'
import type { ModulePlace, ProjectModule } from './project-module.ts'
import {
  type ResourceReference,
  missingResources,
  packageResources,
  referencesOf,
} from './resource-references.ts'
import { StringResources } from './string-resources.ts'

/** A HarmonyOS project as its author wrote it, checked and with its texts resolved. */
export interface Project {
  /** Absolute, without symbolic links. */
  readonly folder: string
  readonly app: ProjectApp
  /** In the order of build-profile.json5. */
  readonly modules: readonly ProjectModule[]
  /** What is wrong, and keeps nothing from running. */
  readonly warnings: readonly ProjectProblem[]
}

/** `AppScope/app.json5`. */
export interface ProjectApp {
  readonly bundleName: string
  readonly vendor: string
  readonly versionCode: number
  readonly versionName: string
  readonly label: string
}

const appPath = 'AppScope/app.json5'
/** The resources that all modules share, relative to the project. */
export const appResources = 'AppScope/resources'
const profilePath = 'build-profile.json5'

/**
 * Reads a project folder as DevEco Studio lays it out. Nothing in it is run, and nothing outside it is read.
 *
 * @param path the folder that holds `AppScope`; `build-profile.json5` may be absent, the modules are those that are found then
 * @throws ProjectError naming file, line, column and key of what is wrong
 * @throws the signal's reason when it aborts
 */
export async function readProject(path: string, options: { signal?: AbortSignal } = {}): Promise<Project> {
  const folder = await ProjectFolder.open(path)
  options.signal?.throwIfAborted()
  if (!isProjectFolder(folder.root)) {
    throw new ProjectError(fileProblem(appPath, 'no such file', noProjectHint(folder, path)))
  }
  const profile = await readConfiguration(folder, profilePath, buildProfileFile)
  const { app, references } = await readApp(folder, profile)
  const modules: ProjectModule[] = []
  const leftOut: ProjectProblem[] = []
  const places = modulePlaces(folder, profile)
  const libraryTexts = textsOfLibraries(folder, places)
  for (const { problem, ...place } of places) {
    options.signal?.throwIfAborted()
    const module = await readModuleAt(folder, place, libraryTexts, leftOut)
    if (module === undefined) continue
    // Libraries are part of what depends on them.
    if (problem === undefined || module.type === 'har') modules.push(module)
    else leftOut.push(problem)
  }
  // Without a module of its own there is nothing to install, and libraries alone may be meant only when nothing else was.
  if (modules.every(({ type }) => type === 'har')) refuse(leftOut)
  refuseRepeatedNames(modules)
  const named = [...references, ...modules.flatMap((module) => module.references)]
  const missing = missingResources(folder, named, modules)
  refuse(missing.filter(({ kind }) => kind === 'profile').map(({ problem }) => problem))
  // Nobody looks at pictures here, and a project may come without them.
  const warnings = [
    ...leftOut,
    ...modules.flatMap((module) => module.warnings),
    ...missing.filter(({ kind }) => kind === 'media').map(({ problem }) => problem),
  ]
  const complete = await Promise.all(modules.map((module) => withLibraryPermissions(folder, modules, module)))
  return { folder: folder.root, app, modules: complete, warnings }
}

/** One that was only found, and is no module as it should be, may be something that the author has put aside. */
async function readModuleAt(
  folder: ProjectFolder,
  place: ModulePlace,
  libraryTexts: () => Promise<StringResources>,
  leftOut: ProjectProblem[],
): Promise<ProjectModule | undefined> {
  try {
    return await readModule(folder, place, { appResources, libraryTexts })
  } catch (error) {
    if (place.name !== undefined || place.path === usualModule || !(error instanceof ProjectError))
      throw error
    leftOut.push(...error.problems)
    return undefined
  }
}

/**
 * The texts of other modules and of packages that lie in `oh_modules`: those of libraries are part of what is built with them. Most
 * projects need none of them, so they are read when the first is asked for.
 */
function textsOfLibraries(
  folder: ProjectFolder,
  places: readonly ModulePlace[],
): () => Promise<StringResources> {
  const paths = places.map(({ path }) => path)
  let texts: Promise<StringResources> | undefined
  return () =>
    (texts ??= StringResources.read(folder, [
      ...packageResources(folder, ['', ...paths]),
      ...paths.map((path) => `${path}/src/main/resources`),
    ]))
}

type BuildProfile = ConfigurationFile<BuildProfileConfiguration> | undefined

/** Those who clone a repository name its folder, and the project may be in a part of it. */
function noProjectHint(folder: ProjectFolder, path: string): string {
  const nested = nestedProjects(folder.root).slice(0, 5)
  const none = `${path} is not a HarmonyOS project, or not its top folder`
  return nested.length === 0 ? none : `${none}; below it: ${nested.join(', ')}`
}

/** app.json5, and over it what the product that is built by default changes. */
async function readApp(
  folder: ProjectFolder,
  profile: BuildProfile,
): Promise<{ app: ProjectApp; references: ResourceReference[] }> {
  const file = await requireConfiguration(folder, appPath, appFile, '')
  const { product, index } = builtProduct(profile)
  const written = file.content.app
  const app: ProjectApp = {
    bundleName: product?.bundleName ?? written.bundleName,
    vendor: product?.vendor ?? written.vendor,
    versionCode: product?.versionCode ?? written.versionCode,
    versionName: product?.versionName ?? written.versionName,
    label: product?.label ?? written.label,
  }
  const problem = (reason: string, advice?: string): ProjectProblem =>
    profile !== undefined && product?.label !== undefined
      ? profile.problem(['app', 'products', index, 'label'], reason, advice)
      : file.problem(['app', 'label'], reason, advice)
  const strings = await StringResources.read(folder, [appResources])
  const label = strings.expand(app.label)
  if (label === undefined) {
    throw new ProjectError(
      problem(`${app.label} is not defined`, `add it to ${appResources}/base/element/string.json`),
    )
  }
  const unfit = shownTextProblem(label)
  if (unfit !== undefined) throw new ProjectError(strings.problemWith(app.label, unfit) ?? problem(unfit))
  return { app: { ...app, label }, references: referencesOf(file) }
}

/** The product that is built, and where it stands. */
function builtProduct(profile: BuildProfile): { product: ProductConfiguration | undefined; index: number } {
  const products = profile?.content.app.products ?? []
  const product = builtByDefault(products)
  return { product, index: product === undefined ? 0 : products.indexOf(product) }
}

/** A module as build-profile.json5 has it. */
interface BuiltModule extends ModulePlace {
  /** Why it is not part of what is built. */
  readonly problem?: ProjectProblem
}

/** Where the modules are: by `build-profile.json5`, or as they are found without one. */
function modulePlaces(folder: ProjectFolder, profile: BuildProfile): BuiltModule[] {
  if (profile === undefined)
    return foundModules(folder.root).map((path) => ({ name: undefined, path, target: defaultName }))
  const product = builtProduct(profile).product?.name ?? defaultName
  const problems: ProjectProblem[] = []
  const places: BuiltModule[] = []
  for (const [index, { name, srcPath, targets }] of profile.content.modules.entries()) {
    const path = posix.normalize(srcPath).replace(/\/$/, '')
    if (posix.isAbsolute(path) || path === '..' || path.startsWith('../')) {
      problems.push(profile.problem(['modules', index, 'srcPath'], `${srcPath} leaves the project folder`))
    }
    const applied = targets.filter(({ applyToProducts }) => applyToProducts?.includes(product) ?? true)
    const target = builtByDefault(applied)
    const place = { name, path, target: target?.name ?? defaultName }
    const isLeftOut = targets.length > 0 && target === undefined
    const reason = `${name} is no part of the product ${product}, which is what is built`
    const advice = `its applyToProducts: ${targets.flatMap(({ applyToProducts = [] }) => applyToProducts).join(', ')}`
    places.push(
      isLeftOut
        ? { ...place, problem: profile.problem(['modules', index, 'targets'], reason, advice) }
        : place,
    )
  }
  refuse(problems)
  return places
}

/** Names are unique in the app: an ability is started by its name. */
function refuseRepeatedNames(modules: readonly ProjectModule[]): void {
  const seen = new Set<string>()
  const problems: ProjectProblem[] = []
  for (const { abilities } of modules) {
    for (const ability of abilities) {
      if (seen.has(ability.name))
        problems.push(ability.problem('name', `${ability.name} is there twice in the app`))
      seen.add(ability.name)
    }
  }
  refuse(problems)
}

function refuse([first, ...others]: readonly ProjectProblem[]): void {
  if (first !== undefined) throw new ProjectError(first, ...others)
}

import { posix } from 'node:path'

import * as z from 'zod/mini'

import { builtByDefault } from '../built-by-default.ts'
import { readConfiguration } from '../configuration-file.ts'
import type { ConfigurationFile } from '../configuration-file.ts'
import { harModulesOf } from '../har-modules.ts'
import { readPackageFile } from '../package-file.ts'
import { ProjectError } from '../project-error.ts'
import type { ProjectFolder } from '../project-folder.ts'
import type { ProjectModule } from '../project-module.ts'
import type { Project } from '../project.ts'

/** The C and C++ code of one module. */
export interface NativeSource {
  readonly moduleName: string
  /** The folder of its CMakeLists.txt, absolute. */
  readonly folder: string
  /** Under which names others link with it, see {@link NativePackage}. */
  readonly packageNames: readonly string[]
  /** Folders of headers that others may include, absolute. */
  readonly headers: readonly string[]
  /** Names of the modules that it is built with. */
  readonly libraries: readonly string[]
  /** Options for cmake, from `arguments`. */
  readonly cmakeArguments: readonly string[]
  readonly cFlags: string
  readonly cppFlags: string
}

interface NativeOptions {
  path?: string | undefined
  arguments?: string | string[] | undefined
  cFlags?: string | string[] | undefined
  cppFlags?: string | string[] | undefined
}

const words = z.optional(z.union([z.string(), z.array(z.string())]))
/** Of a module, or of a product, which has a name. */
const profileFile: z.ZodMiniType<{
  name?: string | undefined
  buildOption: {
    externalNativeOptions: NativeOptions
    nativeLib: { headerPath?: string | string[] | undefined }
  }
}> = z.object({
  name: z.optional(z.string()),
  buildOption: z._default(
    z.object({
      externalNativeOptions: z._default(
        z.object({ path: z.optional(z.string()), arguments: words, cFlags: words, cppFlags: words }),
        {},
      ),
      nativeLib: z._default(z.object({ headerPath: words }), {}),
    }),
    { externalNativeOptions: {}, nativeLib: {} },
  ),
})
/** The same below `app` of the project's own build-profile.json5, for every module. */
const projectProfileFile: z.ZodMiniType<{
  app: { products: z.infer<typeof profileFile>[] }
}> = z.object({
  app: z._default(
    z.object({
      products: z._default(z.array(profileFile), []),
    }),
    { products: [] },
  ),
})

/**
 * Finds the native code of every module: the CMakeLists.txt that its build-profile.json5 names, else that of
 * `src/main/cpp`.
 *
 * @returns those that others are built with before these
 * @throws ProjectError when a file that is named is not there, or lies outside the project
 */
export async function findNativeSources(folder: ProjectFolder, project: Project): Promise<NativeSource[]> {
  const shared = await readConfiguration(folder, 'build-profile.json5', projectProfileFile)
  const product = builtByDefault(shared?.content.app.products ?? [])
  const common = product?.buildOption.externalNativeOptions ?? {}
  const sources: NativeSource[] = []
  for (const module of project.modules) {
    const source = await findNativeSource(folder, project.modules, module, common)
    if (source !== undefined) sources.push(source)
  }
  const ordered = new Set<NativeSource>()
  for (const source of sources) {
    // What a library is built with itself comes first among these.
    for (const name of source.libraries)
      for (const library of sources) if (library.moduleName === name) ordered.add(library)
    ordered.add(source)
  }
  return [...ordered]
}

async function findNativeSource(
  folder: ProjectFolder,
  modules: readonly ProjectModule[],
  module: ProjectModule,
  common: NativeOptions,
): Promise<NativeSource | undefined> {
  const profile = await readConfiguration(folder, `${module.path}/build-profile.json5`, profileFile)
  const options = { ...common, ...profile?.content.buildOption.externalNativeOptions }
  const named = options.path
  const path = posix.join(module.path, named ?? 'src/main/cpp/CMakeLists.txt')
  const found = await folder.resolve(path)
  if (typeof found === 'string') {
    if (named === undefined) return undefined
    throw new ProjectError(pathProblem(profile, named, found))
  }
  const headerPath = profile?.content.buildOption.nativeLib.headerPath ?? []
  const headers: string[] = []
  for (const header of typeof headerPath === 'string' ? [headerPath] : headerPath) {
    const place = await folder.resolve(posix.join(module.path, header))
    if (typeof place !== 'string') headers.push(place.path)
  }
  const packageName = (await readPackageFile(folder, module.path))?.content.name ?? ''
  const libraries = await harModulesOf(folder, modules, module)
  return {
    moduleName: module.name,
    packageNames: [...new Set([module.name, posix.basename(packageName)])].filter(isTargetName),
    headers,
    libraries: libraries.map(({ name }) => name),
    folder: found.path.endsWith('.txt') ? posix.dirname(found.path) : found.path,
    cmakeArguments: toWords(options.arguments),
    cFlags: toWords(options.cFlags).join(' '),
    cppFlags: toWords(options.cppFlags).join(' '),
  }
}

/** Whether it may be a part of the name of a target of cmake, and of a variable. */
function isTargetName(name: string): boolean {
  return /^[\w.+-]+$/.test(name)
}

function pathProblem(
  profile: ConfigurationFile<unknown> | undefined,
  path: string,
  found: 'missing' | 'outside',
): ReturnType<ConfigurationFile<unknown>['problem']> {
  const reason = found === 'missing' ? `no such file: ${path}` : `${path} leaves the project folder`
  const key = ['buildOption', 'externalNativeOptions', 'path']
  if (profile !== undefined) return profile.problem(key, reason)
  return { file: 'build-profile.json5', line: 0, column: 0, key: key.join('.'), reason, hint: '' }
}

/** A text of options, or a list of them: quotes keep blanks together, as in a shell. */
export function toWords(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return []
  if (typeof value !== 'string') return value.flatMap((text) => (text === '' ? [] : [text]))
  const parts = value.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return parts.map((part) => part.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}

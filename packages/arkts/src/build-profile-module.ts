import * as z from 'zod/mini'

import { builtByDefault, defaultName } from './built-by-default.ts'
import { readConfiguration } from './configuration-file.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { Project } from './project.ts'

type Fields = Record<string, string | number | boolean>

/** What is built here: the build mode that DevEco Studio begins with. */
const buildMode = 'debug'

const fields: z.ZodMiniType<Fields> = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const arkOptions = z.optional(z.object({ buildProfileFields: z._default(fields, {}) }))
const buildOption = z.optional(z.object({ arkOptions }))
const sourceOption = z.optional(z.object({ workers: z._default(z.array(z.string()), []) }))

/** `build-profile.json5` of a module, the keys read here. */
const moduleProfile = z.object({
  buildOption: z.optional(z.object({ arkOptions, sourceOption })),
  buildOptionSet: z._default(z.array(z.object({ name: z.string(), arkOptions })), []),
  buildModeBinder: z._default(
    z.array(
      z.object({
        buildModeName: z.string(),
        mappings: z._default(
          z.array(z.object({ targetName: z.string(), buildOptionName: z.optional(z.string()) })),
          [],
        ),
      }),
    ),
    [],
  ),
  targets: z._default(
    z.array(z.object({ name: z.string(), config: z.optional(z.object({ buildOption })) })),
    [],
  ),
})

/** `build-profile.json5` of the project, the keys read here. */
const projectProfile = z.object({
  app: z.optional(
    z.object({
      products: z._default(z.array(z.object({ name: z.string(), buildOption })), []),
      buildModeSet: z._default(z.array(z.object({ name: z.string(), buildOption })), []),
    }),
  ),
})

/** Of a module's own package, the key read here. */
const packageVersion = z.object({ version: z.optional(z.string()) })

/**
 * The threads' scripts that a module names, for `worker.ThreadWorker`.
 *
 * @returns paths relative to the module
 * @throws ProjectError for a build-profile.json5 that is not as it should be
 */
export async function readWorkerPaths(folder: ProjectFolder, module: string): Promise<readonly string[]> {
  const file = await readConfiguration(folder, `${module}/build-profile.json5`, moduleProfile)
  return file?.content.buildOption?.sourceOption?.workers ?? []
}

/**
 * Prepares `BuildProfile`, the module with constants that a build of HarmonyOS makes for each module.
 *
 * Of fields that several places give, the module's target counts before its build option set, its build option, the project's product and its
 * build mode, as in hvigor.
 *
 * @returns the text of the module, for a file relative to the project folder
 * @throws ProjectError for a build-profile.json5 that is not as it should be
 */
export async function buildProfiles(
  folder: ProjectFolder,
  project: Project,
): Promise<(importer: string) => string> {
  const { bundleName, versionCode, versionName } = project.app
  const common = await projectFields(folder)
  const own = new Map<string, Fields>()
  for (const { path, type, target } of project.modules) {
    const version = type === 'har' ? await packageVersionOf(folder, path) : undefined
    own.set(`${path}/`, {
      ...(version !== undefined && { HAR_VERSION: version }),
      TARGET_NAME: target.name,
      ...(await moduleFields(folder, path, target.name)),
    })
  }
  return (importer) => {
    const values: Fields = {
      BUNDLE_NAME: bundleName,
      BUNDLE_TYPE: 'app',
      VERSION_CODE: versionCode,
      VERSION_NAME: versionName,
      HAR_VERSION: versionName,
      TARGET_NAME: defaultName,
      BUILD_MODE_NAME: buildMode,
      DEBUG: true,
      ...common,
      ...[...own].find(([path]) => importer.startsWith(path))?.[1],
    }
    const lines = Object.entries(values).map(
      ([name, value]) => `static readonly ${JSON.stringify(name)} = ${JSON.stringify(value)}`,
    )
    const constants = Object.entries(values)
      .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
    return [...constants, `export default class BuildProfile {`, ...lines, '}'].join('\n')
  }
}

/** What holds for every module: of the product that is built, and of the build mode. */
async function projectFields(folder: ProjectFolder): Promise<Fields> {
  const file = await readConfiguration(folder, 'build-profile.json5', projectProfile)
  const { products = [], buildModeSet = [] } = file?.content.app ?? {}
  const product = builtByDefault(products)
  return {
    PRODUCT_NAME: product?.name ?? defaultName,
    ...fieldsOf(buildModeSet.find(({ name }) => name === buildMode)?.buildOption),
    ...fieldsOf(product?.buildOption),
  }
}

async function moduleFields(folder: ProjectFolder, path: string, targetName: string): Promise<Fields> {
  const profile = (await readConfiguration(folder, `${path}/build-profile.json5`, moduleProfile))?.content
  if (profile === undefined) return {}
  const bound = profile.buildModeBinder
    .find(({ buildModeName }) => buildModeName === buildMode)
    ?.mappings.find((mapping) => mapping.targetName === targetName)?.buildOptionName
  // A set is for the build mode of its name, unless the module binds another one to it.
  const set = profile.buildOptionSet.find(({ name }) => name === (bound ?? buildMode))
  const target = profile.targets.find(({ name }) => name === targetName)
  return {
    ...fieldsOf(profile.buildOption),
    ...fieldsOf(set),
    ...fieldsOf(target?.config?.buildOption),
  }
}

function fieldsOf(
  option: { arkOptions?: { buildProfileFields: Fields } | undefined } | undefined,
): Fields | undefined {
  return option?.arkOptions?.buildProfileFields
}

async function packageVersionOf(folder: ProjectFolder, path: string): Promise<string | undefined> {
  return (await readConfiguration(folder, `${path}/oh-package.json5`, packageVersion))?.content.version
}

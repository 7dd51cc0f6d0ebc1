import * as z from 'zod'

import { readConfiguration } from './configuration-file.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { Project } from './project.ts'

const fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

const arkOptions = z.object({ buildProfileFields: fields.default({}) }).default({ buildProfileFields: {} })
const sourceOption = z.object({ workers: z.array(z.string()).default([]) }).default({ workers: [] })

/** `build-profile.json5` of a module, the keys read here. */
const moduleProfile: z.ZodType<{
  buildOption: {
    arkOptions: { buildProfileFields: Record<string, unknown> }
    sourceOption: { workers: string[] }
  }
}> = z.object({
  buildOption: z
    .object({ arkOptions, sourceOption })
    .default({ arkOptions: { buildProfileFields: {} }, sourceOption: { workers: [] } }),
})

/**
 * The threads' scripts that a module names, for `worker.ThreadWorker`.
 *
 * @returns paths relative to the module
 * @throws ProjectError for a build-profile.json5 that is not as it should be
 */
export async function readWorkerPaths(folder: ProjectFolder, module: string): Promise<readonly string[]> {
  const file = await readConfiguration(folder, `${module}/build-profile.json5`, moduleProfile)
  return file?.content.buildOption.sourceOption.workers ?? []
}

/**
 * Prepares `BuildProfile`, the module with constants that a build of HarmonyOS makes for each module.
 *
 * @returns the text of the module, for a file relative to the project folder
 * @throws ProjectError for a module's build-profile.json5 that is not as it should be
 */
export async function buildProfiles(
  folder: ProjectFolder,
  project: Project,
): Promise<(importer: string) => string> {
  const { bundleName, versionCode, versionName } = project.app
  const own = new Map<string, Record<string, unknown>>()
  for (const { path } of project.modules) {
    const file = await readConfiguration(folder, `${path}/build-profile.json5`, moduleProfile)
    own.set(`${path}/`, file?.content.buildOption.arkOptions.buildProfileFields ?? {})
  }
  return (importer) => {
    const values: Record<string, unknown> = {
      BUNDLE_NAME: bundleName,
      BUNDLE_TYPE: 'app',
      VERSION_CODE: versionCode,
      VERSION_NAME: versionName,
      HAR_VERSION: versionName,
      TARGET_NAME: 'default',
      PRODUCT_NAME: 'default',
      BUILD_MODE_NAME: 'debug',
      DEBUG: true,
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

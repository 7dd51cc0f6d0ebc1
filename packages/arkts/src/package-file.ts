import * as z from 'zod/mini'

import { readConfiguration } from './configuration-file.ts'
import type { ConfigurationFile } from './configuration-file.ts'
import { withParameters } from './package-parameters.ts'
import type { ProjectFolder } from './project-folder.ts'

const versions = z._default(z.record(z.string(), z.string()), {})

/** npm has overrides below overrides, which mean nothing here. */
const overrides = z.pipe(
  z._default(z.record(z.string(), z.unknown()), {}),
  z.transform((all) => Object.fromEntries(Object.entries(all).filter(isText))),
)

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string'
}

/** The keys of a package's description that say what an import of it, or inside of it, means. */
export interface PackageDescription {
  readonly name: string
  /** The file that an import of the package itself gives, relative to it; `''` when it does not say. */
  readonly main: string
  /** The same as an ECMAScript module, as packages of npm have it; `''` when it does not say. */
  readonly module: string
  /** What imports of the package mean, as packages of npm may have it. */
  readonly exports?: unknown
  /** By package name: `file:` and a path relative to the description, or a version. */
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly dynamicDependencies: Readonly<Record<string, string>>
  /** Of the whole project; only the top folder's count. */
  readonly overrides: Readonly<Record<string, string>>
}

const description: z.ZodMiniType<PackageDescription> = z.object({
  name: z._default(z.string(), ''),
  main: z._default(z.string(), ''),
  module: z._default(z.string(), ''),
  exports: z.optional(z.unknown()),
  dependencies: versions,
  devDependencies: versions,
  dynamicDependencies: versions,
  overrides,
})

/** `oh-package.json5` of ohpm, or `package.json` of npm. */
const fileNames = ['oh-package.json5', 'package.json']

/** A package's description and where it was found. */
export interface PackageFile extends ConfigurationFile<PackageDescription> {
  /** Relative to the project folder. */
  readonly file: string
}

/**
 * Reads the description of the package that a folder is.
 *
 * @param path relative to the project folder, `.` for the folder itself
 * @returns undefined when the folder is no package
 * @throws ProjectError for a description that is not as it should be
 */
export async function readPackageFile(folder: ProjectFolder, path: string): Promise<PackageFile | undefined> {
  for (const name of fileNames) {
    const file = path === '.' ? name : `${path}/${name}`
    const found = await readConfiguration(folder, file, description)
    if (found !== undefined) return { ...found, content: await withVersions(folder, found.content), file }
  }
  return undefined
}

async function withVersions(folder: ProjectFolder, content: PackageDescription): Promise<PackageDescription> {
  return {
    ...content,
    dependencies: await withParameters(folder, content.dependencies),
    devDependencies: await withParameters(folder, content.devDependencies),
    dynamicDependencies: await withParameters(folder, content.dynamicDependencies),
    overrides: await withParameters(folder, content.overrides),
  }
}

import { existsSync } from 'node:fs'

import { standInKey } from '@vpnext/service/protocol'

import { buildProfiles } from '../build-profile-module.ts'
import { ProjectError, describeProblem } from '../project-error.ts'
import { ProjectFolder } from '../project-folder.ts'
import type { Project } from '../project.ts'
import { type CompiledScript, compileScripts } from '../script.ts'
import { type NativeBuildOptions, buildNativeModules } from './build-native.ts'
import { bundledNdk } from './bundled-ndk.ts'
import { isOfTheDevice, readElf } from './elf-file.ts'
import { findPrebuiltLibraries, whyUnloadable } from './prebuilt-libraries.ts'
import { inOrderOfUse } from './same-names.ts'
import { readStandIns } from './vpnext-config.ts'

/** What becomes of one native module. */
export type NativeModule = { readonly name: string } & (
  | {
      readonly kind: 'built'
      readonly moduleName: string
      readonly cached: boolean
      readonly prelude: boolean
    }
  | { readonly kind: 'prebuilt'; readonly path: string }
  | { readonly kind: 'stand-in'; readonly path: string }
  /** There is none that this machine can load. */
  | { readonly kind: 'missing'; readonly reason: string }
)

/** The native side of a project: what a bundle archive holds of it, and what is to be said of each module. */
export interface NativeParts {
  /** Those that the code imports, those that were built or brought along, and those that native code may miss; sorted by name. */
  readonly modules: readonly NativeModule[]
  /** File name to bytes. */
  readonly libraries: ReadonlyMap<string, Uint8Array>
  /** Key in the archive's scripts to a compiled stand-in. */
  readonly standIns: ReadonlyMap<string, CompiledScript>
}

/**
 * Finds every native module that code imports: a stand-in that `vpnext.config.ts` names comes first, then what the project's C++
 * code makes, then a library in `libs/<abi>` that this machine can load.
 *
 * @param imported names, e.g. `libentry.so`
 * @param options with `tolerant`, code that does not build is a module that is missing, under the name of its file
 * @throws ProjectError as {@link buildNativeModules}; for a `vpnext.config.ts` or a stand-in with mistakes
 */
export async function prepareNativeModules(
  project: Project,
  imported: readonly string[],
  options: NativeBuildOptions & { readonly tolerant?: boolean } = {},
): Promise<NativeParts> {
  const folder = await ProjectFolder.open(project.folder)
  const { nativeModules: standIns } = await readStandIns(folder)
  const prebuilt = await findPrebuiltLibraries(folder, project)
  // With a stand-in for each, nobody needs what may not even build here.
  const replaced = standIns.size > 0 && imported.every((name) => standIns.has(name))
  const modules = new Map<string, NativeModule>()
  const builds = replaced
    ? []
    : await buildNativeModules(project, options).catch((error: unknown) => {
        if (options.tolerant !== true || !(error instanceof ProjectError)) throw error
        modules.set(error.file, {
          name: error.file,
          kind: 'missing',
          reason: `does not build: ${describeProblem(error)}`,
        })
        return []
      })
  const libraries = new Map<string, Uint8Array>()
  const unloadable = new Map<string, string>()
  for (const [name, library] of prebuilt) {
    const reason = whyUnloadable(library)
    if (reason !== undefined) {
      unloadable.set(name, `${library.path} ${reason}`)
      continue
    }
    libraries.set(name, library.bytes)
    modules.set(name, { name, kind: 'prebuilt', path: library.path })
  }
  for (const { moduleName, cached, prelude, libraries: built } of inOrderOfUse(builds, project)) {
    for (const [name, bytes] of built) {
      // A build may only copy what was built elsewhere.
      const reason = whyUnloadable({ elf: readElf(bytes) })
      if (reason !== undefined) {
        if (!unloadable.has(name))
          unloadable.set(name, `what the native code of ${moduleName} copies ${reason}`)
        continue
      }
      libraries.set(name, bytes)
      modules.set(name, { name, kind: 'built', moduleName, cached, prelude })
    }
  }
  for (const [name, path] of standIns) {
    libraries.delete(name)
    modules.set(name, { name, kind: 'stand-in', path })
  }
  const ndk = await bundledNdk(libraries, options)
  for (const [name, reason] of dropUnloadable(libraries, unloadable, ndk))
    modules.set(name, { name, kind: 'missing', reason })
  if (libraries.size > 0) for (const [name, bytes] of ndk) libraries.set(name, bytes)
  for (const name of imported)
    if (!modules.has(name))
      modules.set(name, { name, kind: 'missing', reason: unloadable.get(name) ?? notThere })
  // Native code may open it by its name, and then learns only that there is no such file.
  if (libraries.size > 0)
    for (const [name, reason] of unloadable)
      if (!modules.has(name) && !isOfTheDevice(name)) modules.set(name, { name, kind: 'missing', reason })
  return {
    modules: [...modules.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    libraries,
    standIns: await compileStandIns(folder, project, standIns),
  }
}

const notThere = 'is neither built from C++ code of the project nor in libs/<abi> of a module'

/** Folders that the loader looks in, below which a machine may have one of its own name. */
const systemFolders = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib']

/**
 * Takes away what needs a library that is not there, and what needs that.
 *
 * @param ndk libraries that are there besides
 * @returns the reasons, by file name
 */
function dropUnloadable(
  libraries: Map<string, Uint8Array>,
  unloadable: ReadonlyMap<string, string>,
  ndk: ReadonlyMap<string, Uint8Array>,
): Map<string, string> {
  const dropped = new Map(unloadable)
  const reasons = new Map<string, string>()
  for (let before = -1; before !== reasons.size;) {
    before = reasons.size
    for (const [name, bytes] of libraries) {
      const reason = missingDependency(bytes, new Set([...libraries.keys(), ...ndk.keys()]), dropped)
      if (reason === undefined) continue
      libraries.delete(name)
      reasons.set(name, reason)
      dropped.set(name, `that ${reason}`)
    }
  }
  return reasons
}

function missingDependency(
  bytes: Uint8Array,
  libraries: ReadonlySet<string>,
  unloadable: ReadonlyMap<string, string>,
): string | undefined {
  const triple = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const folders = systemFolders.flatMap((folder) => [folder, `${folder}/${triple}`])
  const absent = readElf(bytes)?.needed.find(
    (name) => !libraries.has(name) && !folders.some((folder) => existsSync(`${folder}/${name}`)),
  )
  if (absent === undefined) return undefined
  const reason = unloadable.get(absent)
  return `needs ${absent}, ${reason === undefined ? 'which is not there' : `and ${reason}`}`
}

async function compileStandIns(
  folder: ProjectFolder,
  project: Project,
  standIns: ReadonlyMap<string, string>,
): Promise<Map<string, CompiledScript>> {
  const sources = [...standIns].map(([name, source]) => ({ source, key: standInKey(name) }))
  const scripts =
    sources.length === 0
      ? []
      : await compileScripts(folder, sources, {
          buildProfile: await buildProfiles(folder, project),
          modules: project.modules,
        })
  return new Map(
    sources.flatMap(({ key }, index) => {
      const script = scripts[index]
      return script === undefined ? [] : [[key, script] as const]
    }),
  )
}

import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

import * as z from 'zod/mini'

import { ProjectError, fileProblem } from '../project-error.ts'
import { ProjectFolder } from '../project-folder.ts'
import type { Project } from '../project.ts'
import { findBuildTools } from './build-tools.ts'
import { type CmakeBuild, buildWithCmake } from './cmake-build.ts'
import { withPlainNames } from './elf-file.ts'
import { type NativePackage, packageFiles, writePackages } from './native-packages.ts'
import { missingSubmodules } from './git-submodules.ts'
import { defaultCacheFolder, hashFolder, keyOf, makeWhole } from './native-cache.ts'
import { prepareSdk } from './native-sdk.ts'
import { toolChainFile } from './tool-chain-file.ts'
import { type NativeSource, findNativeSources } from './native-source.ts'
import { type BuildLock, lockBuild } from './build-lock.ts'

/** The libraries that the native code of one module gives. */
export interface NativeBuild {
  readonly moduleName: string
  /** Taken from the cache: nothing that it is made from has changed. */
  readonly cached: boolean
  /** It compiles only with headers that it does not include itself, but the device's C++ library does. */
  readonly prelude: boolean
  /** File name to bytes. */
  readonly libraries: ReadonlyMap<string, Uint8Array>
}

export interface NativeBuildOptions {
  /** Where builds are kept; default: XDG_CACHE_HOME/vpnext/native of the user. */
  readonly cacheFolder?: string
  /** Hears which module is about to be built. */
  readonly onBuild?: (moduleName: string) => void
  readonly signal?: AbortSignal
}

/** What nobody has used for so long is removed, in ms. */
const keptFor = 30 * 24 * 3600 * 1000

/** Of the environment, what cmake begins with. */
const flagVariables = ['CFLAGS', 'CXXFLAGS', 'ASMFLAGS', 'LDFLAGS']

/** Files that a build of any module of a project may read. */
const nativeFile =
  /(^|\/)CMakeLists\.txt$|\.(c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl|ipp|tcc|def|s|S|cmake|in|a|so|rs|go)$/

/**
 * Builds the native code of every module of a project, as the user who calls, outside the project.
 *
 * A build whose sources, compiler and options are the same as before is taken from the cache.
 *
 * @returns one for each module that has native code
 * @throws ProjectError with the messages of cmake, compiler and linker at file and line, or naming the tools that are missing
 */
export async function buildNativeModules(
  project: Project,
  options: NativeBuildOptions = {},
): Promise<NativeBuild[]> {
  const { signal, cacheFolder = defaultCacheFolder() } = options
  const folder = await ProjectFolder.open(project.folder)
  const sources = await findNativeSources(folder, project)
  const [first] = sources
  if (first === undefined) return []
  const tools = await findBuildTools(folder.show(join(first.folder, 'CMakeLists.txt')), signal)
  const sdk = await prepareSdk(cacheFolder, tools, signal)
  const shared = await hashFolder(folder.root, (path) => nativeFile.test(path))
  const builds: NativeBuild[] = []
  const packages = new Map<string, NativePackage>()
  for (const source of sources) {
    const wanted = source.libraries.flatMap((name) => packages.get(name) ?? [])
    const files = packageFiles(wanted)
    const own = await hashFolder(source.folder)
    // Sets all that a build depends on but its sources; cmake keeps what it was told the first time.
    const how = keyOf(
      tools.version,
      toolChainFile(source, tools, sdk, false),
      JSON.stringify(flagVariables.map((name) => process.env[name] ?? '')),
      ...source.cmakeArguments,
    )
    const key = keyOf(how, folder.show(source.folder), shared, own, ...files.keys(), ...files.values())
    const result = join(cacheFolder, 'result', key)
    const cached = (await stat(result).catch(() => undefined)) !== undefined
    if (!cached) {
      options.onBuild?.(source.moduleName)
      const workFolder = join(cacheFolder, 'work', keyOf(how, folder.root, source.folder))
      await using _lock: BuildLock = await lockBuild(workFolder, signal)
      const now = new Date()
      await mkdir(workFolder, { recursive: true })
      await utimes(workFolder, now, now)
      const packageArguments = await writePackages(join(workFolder, 'packages'), files)
      const parts = { project: folder.root, source, tools, sdk, workFolder, packageArguments, signal }
      const built = await buildWithCmake(parts).catch(async (error: unknown) => {
        if (!(error instanceof ProjectError)) throw error
        const [worst = error, ...others] = error.problems
        throw new ProjectError(worst, ...others, ...(await missingSubmodules(folder.root)))
      })
      await makeWhole(result, (fresh) => keep(fresh, source, built))
    }
    const build = { moduleName: source.moduleName, cached, ...(await readResult(result)) }
    builds.push(build)
    const libraries = [...build.libraries.keys()].map((name) => join(result, 'libs', name))
    const { packageNames: names, headers } = source
    packages.set(source.moduleName, { names, headers, libraries })
  }
  for (const part of ['result', 'work', 'ndk']) await removeOld(join(cacheFolder, part))
  return builds
}

const resultFile = z.object({ prelude: z.boolean() })

async function keep(fresh: string, source: NativeSource, built: CmakeBuild): Promise<void> {
  await mkdir(join(fresh, 'libs'))
  for (const path of built.libraries)
    await writeFile(join(fresh, 'libs', basename(path)), withPlainNames(await readFile(path)))
  if (built.libraries.length === 0)
    throw new ProjectError(fileProblem(`${source.moduleName}: CMakeLists.txt`, 'makes no shared library'))
  await writeFile(join(fresh, 'result.json'), JSON.stringify({ prelude: built.prelude }))
}

async function readResult(folder: string): Promise<Pick<NativeBuild, 'prelude' | 'libraries'>> {
  const { prelude } = resultFile.parse(JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')))
  const libraries = new Map<string, Uint8Array>()
  for (const name of (await readdir(join(folder, 'libs'))).toSorted())
    libraries.set(name, await readFile(join(folder, 'libs', name)))
  const now = new Date()
  await utimes(folder, now, now)
  return { prelude, libraries }
}

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts !== undefined && Date.now() - facts.mtimeMs > keptFor)
      await rm(path, { recursive: true, force: true })
  }
}

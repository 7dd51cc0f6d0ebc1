import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, extname, isAbsolute, join } from 'node:path'

import { absentPackagePrefix } from '@vpnext/service/protocol'
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild'

import { plainTypeScript } from './arkui-syntax.ts'
import type { ProjectFolder } from './project-folder.ts'
import { ProjectPackages } from './project-packages.ts'
import { SourceFiles } from './source-files.ts'

/** Files that are more than TypeScript; esbuild reads all others itself. */
const arkuiFiles = 'arkui'
/** Modules whose text is made here. */
const madeModules = 'made'

/**
 * Modules that the host provides: the system's (`@kit.NetworkKit`, `@ohos.net.vpnExtension`, `@ohos:hilog`), and vpnext's own,
 * which no device has.
 */
export function isKit(path: string): boolean {
  return /^@(?:kit|ohos|hms|system|arkts)[.:]|^@ohos\/hypium$|^@vpnext\/(?:packet|wireguard)$/.test(path)
}

/** A native module of the bundle: `libentry.so`. */
export function isNative(path: string): boolean {
  return path.endsWith('.so')
}

/** What imports of one project may mean, besides its files. */
export interface ImportRules {
  /** Packages from outside the project, by name: absolute folders. */
  readonly packages?: ReadonlyMap<string, string>
  /** Files that stand in for packages, by what code imports them as: relative to the project folder. */
  readonly standIns?: ReadonlyMap<string, string>
  /** What becomes of an import of a package that is nowhere: refused by default; or left, with a warning, to fail where it is used. */
  readonly absentPackages?: 'refuse' | 'leave'
  /** The text of `BuildProfile`, the module that a build of HarmonyOS makes. */
  readonly buildProfile: (importer: string) => string
}

/** The name of an entry whose text is made here. */
export function madeEntry(key: string): string {
  return `${madeModules}-entry:${key}`
}

/**
 * What code of a project may import: kits and native modules, which stay `require` calls, files of the project, packages that it
 * holds, and `BuildProfile`. Everything else is refused with the place of the import.
 *
 * @param made texts of entries, by {@link madeEntry}
 */
export function importRules(
  folder: ProjectFolder,
  rules: ImportRules,
  made: ReadonlyMap<string, string> = new Map(),
): Plugin {
  const resolver = new ImportResolver(folder, rules, made)
  return {
    name: 'vpnext-imports',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (request) => resolver.resolve(request))
      build.onLoad({ filter: /.*/, namespace: arkuiFiles }, ({ path, pluginData }): OnLoadResult => ({
        contents: String(pluginData),
        loader: loaderOf(path),
      }))
      build.onLoad({ filter: /.*/, namespace: madeModules }, ({ path }): OnLoadResult => ({
        contents: made.get(path) ?? rules.buildProfile(path),
        loader: 'ts',
      }))
    },
  }
}

class ImportResolver {
  readonly #folder: ProjectFolder
  readonly #files = new SourceFiles()
  readonly #made: ReadonlyMap<string, string>
  readonly #leavesAbsent: boolean
  readonly #standIns: ReadonlyMap<string, string> | undefined
  readonly #packages: ProjectPackages
  /** By absolute path without links. */
  readonly #sources = new Map<string, OnResolveResult>()

  constructor(folder: ProjectFolder, rules: ImportRules, made: ReadonlyMap<string, string>) {
    this.#folder = folder
    this.#made = made
    this.#standIns = rules.standIns
    this.#leavesAbsent = rules.absentPackages === 'leave'
    this.#packages = new ProjectPackages(folder, this.#files, rules.packages)
  }

  async resolve({ path, kind, importer }: OnResolveArgs): Promise<OnResolveResult> {
    // A kit that only unused code imports is not loaded.
    if (isKit(path)) return { path, external: true, sideEffects: false }
    if (isNative(path)) return { path, external: true }
    if (kind === 'entry-point' && this.#made.has(path)) return { path, namespace: madeModules }
    if (kind === 'entry-point') return this.#take(path, join(this.#folder.root, path))
    const from = isAbsolute(importer) ? importer : join(this.#folder.root, importer)
    if (isRelative(path)) return this.#resolveRelative(path, from)
    if (path === 'BuildProfile') return this.#makeBuildProfile(from)
    const reason = foreignReason(path)
    if (reason !== undefined) return refuse(reason)
    const standIn = this.#standIns?.get(path)
    if (standIn !== undefined) return this.#take(path, join(this.#folder.root, standIn))
    const found = await this.#packages.find(path, from)
    if (found.kind === 'file') return this.#take(path, found.path)
    return this.#leavesAbsent && !isBuiltin(path)
      ? leave(absentPackagePrefix + path, found)
      : refuse(found.reason, found.hint)
  }

  #resolveRelative(path: string, from: string): OnResolveResult {
    const target = join(dirname(from), path)
    const file = this.#files.find(target)
    if (file !== undefined) return this.#take(path, file)
    if (basename(target) === 'BuildProfile') return this.#makeBuildProfile(from)
    const other = this.#files.findOtherCase(target)
    return refuse(
      `no such file: ${path}, nor with .ets, .ts, .js or .json`,
      other === undefined ? undefined : `there is ${other}: upper and lower case differ`,
    )
  }

  #makeBuildProfile(from: string): OnResolveResult {
    return { path: this.#folder.show(from), namespace: madeModules }
  }

  #take(asked: string, path: string): OnResolveResult {
    const found = this.#files.real(path)
    if (found === undefined) return refuse(`no such file: ${asked}`)
    if (this.#folder.holds(found) || this.#packages.holdsGiven(path)) return this.#source(found)
    return refuse(`${asked} leaves the project folder`)
  }

  #source(path: string): OnResolveResult {
    const known = this.#sources.get(path)
    if (known !== undefined) return known
    const plain = extname(path) === '.ets' ? plainTypeScript(readFileSync(path, 'utf8')) : undefined
    const result: OnResolveResult =
      plain === undefined
        ? { path }
        : { path: this.#folder.show(path), namespace: arkuiFiles, pluginData: plain }
    this.#sources.set(path, result)
    return result
  }
}

/** Paths of files that are more than TypeScript, as they stand in source maps and messages, to those of the project. */
export function plainPath(text: string): string {
  return text.replaceAll(`${arkuiFiles}:`, '')
}

function loaderOf(path: string): Loader {
  return path.endsWith('.ets') ? 'ts' : 'js'
}

function isRelative(path: string): boolean {
  return /^\.\.?(\/|$)/.test(path)
}

function refuse(text: string, hint?: string): OnResolveResult {
  return { errors: [{ text, ...(hint !== undefined && { notes: [{ text: hint }] }) }] }
}

/** The import stays a `require` call, which the host answers with what fails 801. */
function leave(path: string, { reason }: { reason: string }): OnResolveResult {
  const warnings = [{ text: reason, notes: [{ text: 'whatever is used of it fails 801' }] }]
  return { path, external: true, sideEffects: false, warnings }
}

function foreignReason(path: string): string | undefined {
  if (path.startsWith('/'))
    return `${path} is an absolute path: import files of the project by a relative one`
  if (/^[a-z]+:/.test(path)) {
    return `${path} is neither a kit (@kit.*, @ohos.*), a native module (*.so), a relative path nor a dependency`
  }
  return undefined
}

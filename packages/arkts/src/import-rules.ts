import { statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, extname, isAbsolute, join, posix } from 'node:path'

import { absentPackagePrefix, maxArchiveBytes } from '@vpnext/service/protocol'
import type { OnResolveResult } from 'esbuild'

import { plainTypeScript } from './arkui-syntax.ts'
import type { HeadStart } from './head-start.ts'
import { arkuiFiles, isKit, isNative, madeModules } from './import-names.ts'
import type { AskedImports, ImportAnswers, ImportRequest } from './imports-plugin.ts'
import type { PackedLibraries } from './packed-libraries.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { ProjectModule } from './project-module.ts'
import { ProjectPackages } from './project-packages.ts'
import type { FoundPackage } from './project-packages.ts'
import { withRuntimeImports } from './runtime-imports.ts'
import type { RuntimeImports } from './runtime-imports.ts'
import { SourceFiles, isTooLarge } from './source-files.ts'

/** What imports of one project may mean, besides its files. */
export interface ImportRules {
  /** Packages from outside the project, by name: absolute folders. */
  readonly packages?: ReadonlyMap<string, string>
  /** Those of the project, for the folders of code that their targets have. */
  readonly modules?: readonly Pick<ProjectModule, 'path' | 'target'>[]
  /** What code imports by names that it makes at run time, by its path relative to the project folder. */
  readonly runtimeImports?: (importer: string) => RuntimeImports | undefined
  /** Unpacks libraries; without it those that are packed are refused. */
  readonly packed?: PackedLibraries
  /** Files that stand in for packages, by what code imports them as: relative to the project folder. */
  readonly standIns?: ReadonlyMap<string, string>
  /** What becomes of an import of a package that is nowhere: refused by default; or left, with a warning, to fail where it is used. */
  readonly absentPackages?: 'refuse' | 'leave'
  /** Called once esbuild works by itself and nothing is left to do but to wait. */
  readonly meanwhile?: () => void
  /** What was begun before the project was read. */
  readonly headStart?: HeadStart
  /** The text of `BuildProfile`, the module that a build of HarmonyOS makes. */
  readonly buildProfile: (importer: string) => string
}

/**
 * What code of a project may import: kits and native modules, which stay `require` calls, files of the project, packages that it
 * holds, and `BuildProfile`. Everything else is refused with the place of the import.
 */
export class ImportResolver {
  readonly #folder: ProjectFolder
  /** Those of the project, as they were when they were first looked at. */
  readonly files: SourceFiles = new SourceFiles()
  readonly #made: ReadonlyMap<string, string>
  readonly #buildProfile: ImportRules['buildProfile']
  readonly #leavesAbsent: boolean
  readonly #standIns: ReadonlyMap<string, string> | undefined
  readonly #packages: ProjectPackages
  readonly #runtimeImports: ImportRules['runtimeImports']
  readonly #meanwhile: ImportRules['meanwhile']
  readonly #packed: PackedLibraries | undefined
  /** By absolute path without links. */
  readonly #sources = new Map<string, OnResolveResult>()
  /** What relative imports found, by absolute path as they mean it. */
  readonly #relatives = new Map<string, OnResolveResult>()

  /** @param made texts of entries, by {@link madeEntry} */
  constructor(folder: ProjectFolder, rules: ImportRules, made: ReadonlyMap<string, string> = new Map()) {
    this.#folder = folder
    this.#buildProfile = rules.buildProfile
    this.#made = made
    this.#standIns = rules.standIns
    this.#leavesAbsent = rules.absentPackages === 'leave'
    this.#packed = rules.packed
    this.#meanwhile = rules.meanwhile
    this.#runtimeImports = rules.runtimeImports
    const { packages: given, packed, modules } = rules
    this.#packages = new ProjectPackages(folder, this.files, { given, packed, modules })
  }

  /**
   * What esbuild is answered. What begins with `./` it may find by itself in folders of files alone: a link could lead it to a device, which it
   * would read for ever. So files elsewhere are refused unless it asks about `all`.
   *
   * @param plainFolders such folders, absolute
   */
  answers(which: AskedImports, plainFolders: readonly string[] = []): ImportAnswers {
    const files = this.files.below(plainFolders)
    return {
      begun: () => this.#whileItWorks(files),
      ended: () => void files.return(undefined),
      resolve: async (request) => {
        const found = await this.resolve(request)
        const file = which === 'all' ? undefined : this.#fileOf(found)
        return file === undefined || plainFolders.some((folder) => file.startsWith(`${folder}/`))
          ? found
          : refuse(`${request.path} is nowhere that esbuild may look by itself`)
      },
      textOf: (path) => this.#made.get(path) ?? this.#buildProfile(path),
      sourceOf: (path) => this.files.textOf(path),
    }
  }

  /** Reads what is read anyway when esbuild has finished, for {@link resolve}, a file a turn. */
  #whileItWorks(files: Generator<string, undefined>): void {
    this.#meanwhile?.()
    const readOne = (): void => {
      const next = files.next()
      if (next.done === true) return
      if (next.value.endsWith('.ets')) this.#source(next.value)
      setImmediate(readOne)
    }
    setImmediate(readOne)
  }

  async resolve({ path, kind, importer }: ImportRequest): Promise<OnResolveResult> {
    // A kit that only unused code imports is not loaded.
    if (isKit(path)) return { path, external: true, sideEffects: false }
    if (isNative(path)) return { path, external: true }
    if (kind === 'entry-point' && this.#made.has(path)) return { path, namespace: madeModules }
    if (kind === 'entry-point') return atFile(path, this.#take(path, join(this.#folder.root, path)))
    const from = isAbsolute(importer) ? importer : join(this.#folder.root, importer)
    if (isRelative(path)) return this.#resolveRelative(path, from)
    if (path === 'BuildProfile') return this.#makeBuildProfile(from)
    const reason = foreignReason(path)
    if (reason !== undefined) return refuse(reason)
    const standIn = this.#standIns?.get(path)
    if (standIn !== undefined) return this.#take(path, join(this.#folder.root, standIn))
    const found = await this.#findPackage(path, from)
    if ('errors' in found) return found
    if (found.kind === 'file') return this.#take(path, found.path)
    return this.#leavesAbsent && !isBuiltin(path)
      ? leave(absentPackagePrefix + path, found)
      : refuse(found.reason, found.hint)
  }

  #resolveRelative(path: string, from: string): OnResolveResult {
    const target = this.#unpacked(join(dirname(from), path))
    const known = this.#relatives.get(target)
    if (known !== undefined) return known
    const file = this.files.find(target)
    if (file !== undefined) {
      const found = this.#take(path, file)
      if (found.errors === undefined) this.#relatives.set(target, found)
      return found
    }
    if (basename(target) === 'BuildProfile') return this.#makeBuildProfile(from)
    const other = this.files.findOtherCase(target)
    return refuse(
      `no such file: ${path}, nor with .ets, .ts, .js or .json`,
      other === undefined ? undefined : `there is ${other}: upper and lower case differ`,
    )
  }

  /** What is wrong with a description or an archive is told where it is, and not where it was found. */
  async #findPackage(
    path: string,
    from: string,
  ): Promise<FoundPackage | Required<Pick<OnResolveResult, 'errors'>>> {
    try {
      return await this.#packages.find(path, from)
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error
      const errors = error.problems.map(({ file, line, column, reason, hint }) => ({
        text: reason,
        location: { file, line, column: Math.max(0, column - 1) },
        ...(hint !== '' && { notes: [{ text: hint }] }),
      }))
      return { errors }
    }
  }

  #unpacked(path: string): string {
    return this.#packed?.realOf(path) ?? path
  }

  #makeBuildProfile(from: string): OnResolveResult {
    return { path: this.#folder.show(from), namespace: madeModules }
  }

  #take(asked: string, path: string): OnResolveResult {
    const found = this.files.real(path)
    if (found === undefined) return refuse(`no such file: ${asked}`)
    const shown = this.#packed?.shownOf(found)
    if (shown !== undefined) return this.#packedSource(found, shown)
    if (this.#mayRead(path, found)) return this.#source(found)
    return refuse(`${asked} leaves the project folder`)
  }

  /** Whether an absolute path leads to a file of the project, or of a package from outside that was given. */
  mayRead(path: string): boolean {
    const found = this.files.real(path)
    return found !== undefined && this.#mayRead(path, found)
  }

  #mayRead(path: string, real: string): boolean {
    return this.#folder.holds(real) || this.#packages.holdsGiven(path)
  }

  #fileOf({ path, external, namespace }: OnResolveResult): string | undefined {
    if (path === undefined || external === true || namespace === madeModules) return undefined
    return namespace === arkuiFiles ? join(this.#folder.root, path) : path
  }

  /** A file of a packed library, which everybody is to see where the library lies. */
  #packedSource(path: string, shown: string): OnResolveResult {
    const text = this.files.textOf(path)
    const plain = extname(path) === '.ets' ? (plainTypeScript(text) ?? text) : text
    return { path: this.#folder.show(shown), namespace: arkuiFiles, pluginData: plain }
  }

  #source(path: string): OnResolveResult {
    const known = this.#sources.get(path)
    if (known !== undefined) return known
    const runtime = this.#runtimeImports?.(this.#folder.show(path))
    const isRead = extname(path) === '.ets' || (runtime !== undefined && /\.[jt]s$/.test(path))
    const result = tooLarge(path, this.#folder) ?? (isRead ? this.#arktsSource(path, runtime) : { path })
    this.#sources.set(path, result)
    return result
  }

  #arktsSource(path: string, runtime: RuntimeImports | undefined): OnResolveResult {
    let text: string
    try {
      text = this.files.textOf(path)
    } catch (error) {
      // It may be closed to this user, or have gone since the folder was listed.
      return refuse(
        `${this.#folder.show(path)} cannot be read${error instanceof Error ? `: ${error.message}` : ''}`,
      )
    }
    const shown = this.#folder.show(path)
    const arkts = extname(path) === '.ets' ? plainTypeScript(text) : undefined
    const found = runtime === undefined ? undefined : withRuntimeImports(arkts ?? text, shown, runtime)
    const plain = found ?? arkts
    return plain === undefined ? { path } : { path: shown, namespace: arkuiFiles, pluginData: plain }
  }
}

function tooLarge(path: string, folder: ProjectFolder): OnResolveResult | undefined {
  if (!isTooLarge(path)) return undefined
  const { size } = statSync(path)
  return refuse(
    `${folder.show(path)} has ${size} bytes, more than ${maxArchiveBytes}, the most that a bundle may have`,
  )
}

function isRelative(path: string): boolean {
  return /^\.\.?(\/|$)/.test(path)
}

/** Nothing imports an entry: what is wrong with it is told at its own file. */
function atFile(file: string, found: OnResolveResult): OnResolveResult {
  if (found.errors === undefined) return found
  return {
    ...found,
    errors: found.errors.map((error) => ({ ...error, location: { file: posix.normalize(file) } })),
  }
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

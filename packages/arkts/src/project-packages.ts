import { dirname, join } from 'node:path'

import { exportedFile } from './package-exports.ts'
import { readPackageFile } from './package-file.ts'
import type { PackageFile } from './package-file.ts'
import type { PackedLibraries } from './packed-libraries.ts'
import { ProjectFolder } from './project-folder.ts'
import type { ProjectModule } from './project-module.ts'
import type { SourceFiles } from './source-files.ts'

/** What an import by name means: a file, or why there is none. */
export type FoundPackage =
  | { readonly kind: 'file'; readonly path: string }
  /** A file with types alone: the code is there for the device only. */
  | { readonly kind: 'types'; readonly path: string; readonly reason: string; readonly hint: string }
  | Refusal

/** The folder of a package. */
interface Place {
  readonly kind: 'folder'
  readonly path: string
}

type DependencyKey = 'dependencies' | 'dynamicDependencies' | 'devDependencies' | 'overrides'

/** Where a package is asked for. */
interface Declared {
  readonly file: PackageFile
  readonly version: string
  readonly key: DependencyKey
}

interface Refusal {
  readonly kind: 'refused'
  readonly reason: string
  readonly hint: string
}

const installHint =
  'run ohpm install, so that it lies in oh_modules; vpnext.config.ts can name a stand-in, and --allow-missing does without'

const deviceHint =
  'take a version of it with source; vpnext.config.ts can name a stand-in, and --allow-missing does without'

/** The code of a library that was published as the device runs it, below its folder. */
const deviceCode = 'ets/modules.abc'

/** A dependency on a packed library. */
const packedFile = /^file:.*\.(har|tgz)$/

/** Where a file of a package is looked for, below its folder: an import may leave `src/main` out. */
const codeFolders = ['.', 'src/main']

/**
 * The packages of a project, as ohpm has them: `file:` dependencies of the nearest `oh-package.json5`, which are the local
 * modules, and whatever lies in `oh_modules`; what the project overrides comes before all of them, and a package may import itself by its
 * name. Nothing is fetched.
 */
export class ProjectPackages {
  readonly #folder: ProjectFolder
  readonly #sources: SourceFiles
  readonly #given: ReadonlyMap<string, string>
  readonly #packed: PackedLibraries | undefined
  /** By the absolute folder of a module: those of its target, absolute. */
  readonly #sourceRoots: ReadonlyMap<string, readonly string[]>
  readonly #files = new Map<string, Promise<PackageFile | undefined>>()

  /** @param others.given packages from outside the project, by name, for those that it has not; absolute folders */
  constructor(
    folder: ProjectFolder,
    sources: SourceFiles,
    others: {
      readonly given?: ReadonlyMap<string, string> | undefined
      /** Unpacks libraries; without it those that are packed are refused. */
      readonly packed?: PackedLibraries | undefined
      /** Those of the project, for the folders of code that their targets have. */
      readonly modules?: readonly Pick<ProjectModule, 'path' | 'target'>[] | undefined
    } = {},
  ) {
    this.#folder = folder
    this.#sources = sources
    this.#given = others.given ?? new Map()
    this.#packed = others.packed
    const absolute = (path: string): string => join(folder.root, path)
    this.#sourceRoots = new Map(
      (others.modules ?? []).map(({ path, target }) => [absolute(path), target.sourceRoots.map(absolute)]),
    )
  }

  /**
   * @param specifier e.g. `@ohos/library` or `@ohos/library/src/main/ets/Part`
   * @param importer absolute path of the importing file
   * @throws ProjectError for an `oh-package.json5` that is not as it should be
   */
  async find(specifier: string, importer: string): Promise<FoundPackage> {
    const [name, rest] = splitName(specifier)
    const place = await this.#locate(name, importer)
    if (place.kind === 'refused') return place
    const exported = exportedFile(
      (await this.#fileOf(place.path))?.content.exports,
      rest === '' ? '.' : `./${rest}`,
    )
    const files = [
      ...(exported === undefined ? [] : [join(place.path, exported)]),
      ...(rest === ''
        ? (await this.#entriesOf(place.path)).map((entry) => join(place.path, entry))
        : this.#codeFoldersOf(place.path).map((code) => join(code, rest))),
    ]
    for (const file of files) {
      const path = this.#sources.find(file)
      if (path === undefined) continue
      return isDeclaration(path) && this.#sources.isFile(join(place.path, deviceCode))
        ? { kind: 'types', path, reason: this.#whyTypesAlone(name, place.path), hint: deviceHint }
        : { kind: 'file', path }
    }
    const shown = this.#show(place.path)
    return rest === ''
      ? refused(`the package ${name} in ${shown} has no main file`, 'name it in main of its oh-package.json5')
      : refused(`no such file in the package ${name}: ${rest}`, `it lies in ${shown}`)
  }

  #codeFoldersOf(folder: string): string[] {
    const own = this.#sourceRoots.get(folder.replace(/\/$/, '')) ?? []
    return [...own, ...codeFolders.map((code) => join(folder, code))]
  }

  #whyTypesAlone(name: string, folder: string): string {
    return `the package ${name} in ${this.#show(folder)} is compiled for the device (${deviceCode}), and has no source`
  }

  #show(folder: string): string {
    return this.#folder.show(this.#packed?.shownOf(folder) ?? folder)
  }

  /** Whether a folder outside the project was given as a package. */
  holdsGiven(path: string): boolean {
    return [...this.#given.values()].some((folder) => path.startsWith(`${folder}/`))
  }

  /** The folder of a package, as seen from a file. */
  async #locate(name: string, importer: string): Promise<Place | Refusal> {
    let declared: Declared | undefined
    const look = async (folder: string, keys: readonly DependencyKey[]): Promise<Place | undefined> => {
      const file = await this.#fileOf(folder)
      for (const key of keys) {
        const version = file?.content[key][name]
        if (file === undefined || version === undefined) continue
        declared ??= { file, version, key }
        const path = join(folder, version.replace(/^file:/, ''))
        if (version.startsWith('file:') && this.#sources.isFolder(path)) return { kind: 'folder', path }
        const unpacked = packedFile.test(version) ? await this.#packed?.open(path) : undefined
        if (unpacked !== undefined) return { kind: 'folder', path: unpacked }
      }
      return undefined
    }
    const overridden = await look(this.#folder.root, ['overrides'])
    if (overridden !== undefined) return overridden
    for (const folder of foldersAbove(importer, this.#folder)) {
      const wanted = await look(folder, ['dependencies', 'dynamicDependencies', 'devDependencies'])
      if (wanted !== undefined) return wanted
      const installed = join(folder, 'oh_modules', name)
      if (this.#sources.isFolder(installed)) return { kind: 'folder', path: installed }
      const real = this.#packed?.realOf(folder) ?? folder
      if ((await this.#fileOf(real))?.content.name === name) return { kind: 'folder', path: real }
    }
    const given = this.#given.get(name)
    if (given !== undefined) return { kind: 'folder', path: given }
    if (declared === undefined) {
      return refused(
        `${name} is neither a kit (@kit.*, @ohos.*), a native module (*.so), a relative path nor a dependency`,
        'packages are dependencies of an oh-package.json5 that is in the project or in oh_modules',
      )
    }
    const { file, version, key } = declared
    const { line } = file.problem([key, name], '')
    const at = `${file.file}:${line} wants ${version}`
    if (this.#packed === undefined && packedFile.test(version))
      return refused(`the package ${name} is packed: ${at}`, installHint)
    return version.startsWith('file:')
      ? refused(`the package ${name} is not there: ${at}`, 'there is no such folder or packed library')
      : refused(`the package ${name} is not in the project: ${at}`, installHint)
  }

  async #entriesOf(folder: string): Promise<string[]> {
    const { main = '', module = '' } = (await this.#fileOf(folder))?.content ?? {}
    return [main, module, 'Index', 'index', 'src/main/ets/Index', 'src/main/ets/index'].filter(
      (entry) => entry !== '',
    )
  }

  #fileOf(folder: string): Promise<PackageFile | undefined> {
    const known = this.#files.get(folder)
    if (known !== undefined) return known
    const reading = this.#folder.holds(folder)
      ? readPackageFile(this.#folder, this.#folder.show(folder))
      : this.#packed?.shownOf(folder) === undefined
        ? Promise.resolve(undefined)
        : ProjectFolder.open(folder).then((library) => readPackageFile(library, '.'))
    this.#files.set(folder, reading)
    return reading
  }
}

/** The folder of a file and those above it, up to the project's. */
function foldersAbove(file: string, project: ProjectFolder): string[] {
  const folders: string[] = []
  for (let folder = dirname(file); project.holds(folder); folder = dirname(folder)) folders.push(folder)
  return folders
}

function splitName(specifier: string): [name: string, rest: string] {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')]
}

function isDeclaration(path: string): boolean {
  return /\.d\.e?ts$/.test(path)
}

function refused(reason: string, hint: string): Refusal {
  return { kind: 'refused', reason, hint }
}

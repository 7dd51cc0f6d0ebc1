import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { maxArchiveBytes } from '@vpnext/service/protocol'

import { realPathOf } from './real-path.ts'

/** What an import may leave out, in the order in which it is tried. */
export const sourceExtensions: readonly string[] = [
  '.ets',
  '.ts',
  '.js',
  '.mjs',
  '.cjs',
  '.json',
  '.d.ets',
  '.d.ts',
]
/** Names of files that esbuild can read; what it has no loader for it refuses by its name. */
const readable = /\.(?:ets|[cm]?[jt]sx?|json|css|txt)$/
/** What an import of a folder means. */
const indexNames = ['index', 'Index']

/** More take longer to look through than is saved by it. */
const mostFolders = 200

type Kind = 'file' | 'folder' | 'other'

/** A folder as it was when it was first looked at. */
interface Listing {
  /** Without symbolic links. */
  readonly real: string
  readonly kinds: ReadonlyMap<string, Kind | 'link'>
}

/** Whether no bundle has room for a file: to read it to find that out takes gigabytes, and it packs to next to nothing. */
export function isTooLarge(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxArchiveBytes
}

/** Finds files that imports mean. Every folder is looked at once, because projects have many imports and few folders; and every file is read once. */
export class SourceFiles {
  readonly #listings = new Map<string, Listing | undefined>()
  readonly #texts = new Map<string, string>()

  /**
   * The file that an import of a path means: the file itself, one with an extension that ArkTS lets out, or a folder's index.
   *
   * @param path absolute, without the extension or with it
   * @returns absolute; undefined when there is none
   */
  find(path: string): string | undefined {
    const kind = this.#kindOf(path)
    if (kind === 'file') return path
    const named = sourceExtensions
      .map((extension) => path + extension)
      .find((file) => this.#kindOf(file) === 'file')
    if (named !== undefined || kind !== 'folder') return named
    return indexNames
      .flatMap((name) => sourceExtensions.map((extension) => join(path, name + extension)))
      .find((file) => this.#kindOf(file) === 'file')
  }

  /** A file beside it whose name differs in upper and lower case alone, as computers that ignore case let happen. */
  findOtherCase(path: string): string | undefined {
    const wanted = basename(path).toLowerCase()
    const names = [...(this.#listingOf(dirname(path))?.kinds.keys() ?? [])]
    return names.find((name) => {
      const lower = name.toLowerCase()
      return lower === wanted || sourceExtensions.some((extension) => lower === wanted + extension)
    })
  }

  isFile(path: string): boolean {
    return this.#kindOf(path) === 'file'
  }

  isFolder(path: string): boolean {
    return this.#kindOf(path) === 'folder'
  }

  /** The same file without symbolic links; undefined when there is none. */
  real(path: string): string | undefined {
    const listing = this.#listingOf(dirname(path))
    const kind = listing?.kinds.get(basename(path))
    if (listing === undefined || kind === undefined) return undefined
    return kind === 'link' ? realPathOf(path) : join(listing.real, basename(path))
  }

  /** What a file says. @throws node's error where it cannot be read */
  textOf(path: string): string {
    const text = this.#texts.get(path) ?? readFileSync(path, 'utf8')
    this.#texts.set(path, text)
    return text
  }

  /**
   * The `src/main` folders of files, or their like, if they hold files alone.
   *
   * @param root of the project, absolute
   * @param sources relative to it
   * @returns absolute
   */
  plainFolders(root: string, sources: readonly string[]): string[] | undefined {
    const folders = new Set(sources.map((source) => /^(?:.*\/)?src\/\w+(?=\/)/.exec(source)?.[0] ?? '.'))
    const absolute = [...folders].map((folder) => join(root, folder))
    return absolute.every((folder) => this.holdsFilesAlone(folder)) ? absolute : undefined
  }

  /**
   * Whether a folder and those below it, few enough to look at, hold files that may be read, and no links, devices and files that no bundle
   * has room for; nor is it in one that is a link.
   */
  holdsFilesAlone(path: string): boolean {
    const folders = [path]
    for (const folder of folders) {
      const listing = this.#listingOf(folder)
      if (listing?.real !== folder || folders.length > mostFolders) return false
      for (const [name, kind] of listing.kinds) {
        if (kind === 'folder') folders.push(join(folder, name))
        else if (kind !== 'file' || (readable.test(name) && isTooLarge(join(folder, name)))) return false
      }
    }
    return true
  }

  /** Files in folders and those below them. */
  *below(folders: readonly string[]): Generator<string, undefined> {
    const left = [...folders]
    for (const folder of left) {
      for (const [name, kind] of this.#listingOf(folder)?.kinds ?? []) {
        if (kind === 'folder') left.push(join(folder, name))
        else if (kind === 'file') yield join(folder, name)
      }
    }
    return undefined
  }

  #kindOf(path: string): Kind | undefined {
    const kind = this.#listingOf(dirname(path))?.kinds.get(basename(path))
    if (kind !== 'link') return kind
    const facts = statSync(path, { throwIfNoEntry: false })
    if (facts?.isFile() === true) return 'file'
    return facts?.isDirectory() === true ? 'folder' : 'other'
  }

  #listingOf(folder: string): Listing | undefined {
    if (this.#listings.has(folder)) return this.#listings.get(folder)
    const listing = list(folder)
    this.#listings.set(folder, listing)
    return listing
  }
}

function list(folder: string): Listing | undefined {
  const real = realPathOf(folder)
  if (real === undefined) return undefined
  try {
    const kinds = readdirSync(real, { withFileTypes: true }).map((entry): [string, Kind | 'link'] => [
      entry.name,
      entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
    ])
    return { real, kinds: new Map(kinds) }
  } catch {
    return undefined
  }
}

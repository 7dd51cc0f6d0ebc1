import { mkdtempSync, realpathSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'

import { ArchiveError, checkAmount, unpackFile } from './archive-entry.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

/** Largest archive read, in bytes. */
const maxPackedBytes = 64 * 1024 * 1024
/** The folder in it that is the package, as ohpm and npm pack it. */
const topFolder = 'package'

/**
 * The packed libraries (`.har`, `.tgz`) of a project. Each is unpacked when it is first wanted, into a temporary folder that is gone at disposal. To
 * everybody else its files lie at the archive's own place in the project, so that the same project gives the same scripts everywhere.
 */
export class PackedLibraries implements AsyncDisposable {
  readonly #project: ProjectFolder
  /** By the absolute path of the archive: the package, absolute. */
  readonly #folders = new Map<string, Promise<string>>()
  readonly #ready = new Map<string, string>()
  #temporary: string | undefined

  constructor(project: ProjectFolder) {
    this.#project = project
  }

  /**
   * @param path of the archive, absolute
   * @returns the package, absolute; undefined when there is no such file in the project
   * @throws ProjectError for an archive that is damaged, too large, or would write outside
   */
  async open(path: string): Promise<string | undefined> {
    const place = await this.#project.resolve(path)
    if (typeof place === 'string' || !(await stat(place.path)).isFile()) return undefined
    const known = this.#folders.get(path) ?? this.#unpack(path, place.path)
    this.#folders.set(path, known)
    return await known
  }

  /** Where a file is that seems to lie in an archive; any other stays where it is. */
  realOf(path: string): string {
    for (const [archive, folder] of this.#ready)
      if (path === archive || path.startsWith(archive + sep)) return folder + path.slice(archive.length)
    return path
  }

  /** The opposite of {@link realOf}; undefined for a file of no archive. */
  shownOf(real: string): string | undefined {
    for (const [archive, folder] of this.#ready)
      if (real === folder || real.startsWith(folder + sep)) return archive + real.slice(folder.length)
    return undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#folders.values())
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true })
  }

  async #unpack(path: string, file: string): Promise<string> {
    const shown = this.#project.show(path)
    const { size } = await stat(file)
    if (size > maxPackedBytes)
      throw new ProjectError(fileProblem(shown, `has ${size} bytes, more than ${maxPackedBytes}`))
    this.#temporary ??= realpathSync(mkdtempSync(join(tmpdir(), 'vpnext-packed-')))
    const folder = join(this.#temporary, String(this.#ready.size))
    const library = join(folder, topFolder)
    this.#ready.set(path, library)
    try {
      // It needs node's zlib, which takes a while to load.
      const { readTarEntries } = await import('./tar-entries.ts')
      const entries = readTarEntries(await readFile(file))
      checkAmount(entries)
      if (!entries.some((entry) => entry.path.startsWith(`${topFolder}/`)))
        throw new ArchiveError(`holds no package: there is no folder ${topFolder} in it`)
      for (const entry of entries) if (entry.kind !== 'folder') await unpackFile(entry, folder)
    } catch (error) {
      if (error instanceof ArchiveError) throw new ProjectError(fileProblem(shown, error.message))
      throw error
    }
    return library
  }
}

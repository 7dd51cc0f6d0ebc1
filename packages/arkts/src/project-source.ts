import { statSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'

import { ArchiveError, checkAmount, unpackFile } from './archive-entry.ts'
import { ProjectError, fileProblem } from './project-error.ts'

/** A project's folder, for as long as it is needed. */
export interface ProjectSource extends AsyncDisposable {
  readonly folder: string
}

/** Largest archive read, in bytes. */
const maxZipBytes = 256 * 1024 * 1024

/** Folders that tools make, of no use here. */
const ignored = /(^|\/)(\.git|\.hvigor|\.idea|\.preview|__MACOSX)\//

/**
 * Opens a project that is a folder, or a zip archive of one. An archive is unpacked into a temporary folder of the user, removed at
 * disposal; the folder in it that holds `AppScope` is the project.
 *
 * @throws ProjectError for an archive that is damaged, holds no project or several side by side, or has more than 512 MiB or 50,000 files; for a path in it that leads
 * outside, and for a link
 */
export async function openProjectSource(path: string): Promise<ProjectSource> {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts?.isFile() !== true) return { folder: path, [Symbol.asyncDispose]: () => Promise.resolve() }
  if (facts.size > maxZipBytes) {
    throw new ProjectError(fileProblem(path, `has ${facts.size} bytes, more than ${maxZipBytes}`))
  }
  const folder = await mkdtemp(join(tmpdir(), 'vpnext-project-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const top = await unpack(await readFile(path), folder)
    return { folder: join(folder, top), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    if (error instanceof ArchiveError) {
      throw new ProjectError(fileProblem(path, error.message, 'give a folder, or a zip archive of one'))
    }
    throw error
  }
}

function depthOf(path: string): number {
  return path === '.' ? 0 : path.split('/').length
}

/** @returns the project's place in the archive, `.` when it is the archive itself */
async function unpack(archive: Buffer, folder: string): Promise<string> {
  // It needs node's zlib, which takes longer to load than to read a small project.
  const { readZipEntries } = await import('./zip-entries.ts')
  const entries = readZipEntries(archive).filter(({ path }) => !ignored.test(path))
  const files = entries.filter(({ kind }) => kind !== 'folder')
  checkAmount(entries)
  const scopes = files
    .filter(({ path }) => /(^|\/)AppScope\/app\.json5$/.test(path))
    .map(({ path }) => posix.normalize(posix.dirname(posix.dirname(path))))
  const least = Math.min(...scopes.map(depthOf))
  const [top, ...others] = scopes.filter((path) => depthOf(path) === least)
  if (top === undefined) throw new ArchiveError('holds no project: there is no AppScope/app.json5 in it')
  if (others.some((path) => path !== top))
    throw new ArchiveError(`holds several projects: ${[top, ...others].join(', ')}`)
  for (const entry of files) await unpackFile(entry, folder)
  return top
}

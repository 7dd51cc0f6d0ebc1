import { mkdtemp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'

import { ProjectError, fileProblem } from './project-error.ts'
import { ZipError, readZipEntries } from './zip-entries.ts'
import type { ZipEntry } from './zip-entries.ts'

/** A project's folder, for as long as it is needed. */
export interface ProjectSource extends AsyncDisposable {
  readonly folder: string
}

/** Largest archive read, and most that it may unpack to, in bytes. */
const maxZipBytes = 256 * 1024 * 1024
const maxUnpackedBytes = 512 * 1024 * 1024
const maxFiles = 50_000

/** Folders that tools make, of no use here. */
const ignored = /(^|\/)(\.git|\.hvigor|\.idea|\.preview)\//

/**
 * Opens a project that is a folder, or a zip archive of one. An archive is unpacked into a temporary folder of the user, removed at
 * disposal; the folder in it that holds `AppScope` is the project.
 *
 * @throws ProjectError for an archive that is damaged, holds no project, or has more than 512 MiB or 50,000 files; for a path in it that leads
 * outside, and for a link
 */
export async function openProjectSource(path: string): Promise<ProjectSource> {
  const facts = await stat(path).catch(() => undefined)
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
    if (error instanceof ZipError) {
      throw new ProjectError(fileProblem(path, error.message, 'give a folder, or a zip archive of one'))
    }
    throw error
  }
}

/** @returns the project's place in the archive, `.` when it is the archive itself */
async function unpack(archive: Buffer, folder: string): Promise<string> {
  const entries = readZipEntries(archive).filter(({ path }) => !ignored.test(path))
  const files = entries.filter(({ kind }) => kind !== 'folder')
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (total > maxUnpackedBytes || files.length > maxFiles) {
    throw new ZipError(`unpacks to ${files.length} files with ${total} bytes, which is too much`)
  }
  const scopes = files
    .filter(({ path }) => posix.basename(path) === 'app.json5' && posix.dirname(path).endsWith('AppScope'))
    .map(({ path }) => posix.dirname(posix.dirname(path)))
    .toSorted((a, b) => a.split('/').length - b.split('/').length)
  const top = scopes[0]
  if (top === undefined) throw new ZipError('holds no project: there is no AppScope/app.json5 in it')
  for (const entry of files) await unpackFile(entry, folder)
  return top
}

async function unpackFile(entry: ZipEntry, folder: string): Promise<void> {
  const path = entry.path.replaceAll('\\', '/')
  const parts = path.split('/')
  if (path.startsWith('/') || path.includes('\0') || parts.some((part) => part === '..' || part === '')) {
    throw new ZipError(`${JSON.stringify(entry.path)}: is a path that could lead outside`)
  }
  // Through a link that is unpacked first, a later file would be written elsewhere.
  if (entry.kind === 'link') throw new ZipError(`${path}: is a link`)
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, entry.read(), { flag: 'wx' })
}

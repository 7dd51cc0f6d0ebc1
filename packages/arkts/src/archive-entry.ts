import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file in an archive. */
export interface ArchiveEntry {
  /** As the archive has it, with `/`; not checked. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'link'
  /** Bytes it unpacks to, as the archive says. */
  readonly size: number
  /** @throws ArchiveError when it is damaged, or larger than it says */
  read(): Buffer
}

/** An archive that cannot be read, or must not be. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}

/** The most that an archive may unpack to, in bytes and files. */
const maxUnpackedBytes = 512 * 1024 * 1024
const maxFiles = 50_000

/** @throws ArchiveError for more than 512 MiB or 50,000 files */
export function checkAmount(entries: readonly ArchiveEntry[]): void {
  const files = entries.filter(({ kind }) => kind !== 'folder')
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (total > maxUnpackedBytes || files.length > maxFiles) {
    throw new ArchiveError(`unpacks to ${files.length} files with ${total} bytes, which is too much`)
  }
}

/** Writes a file into a folder. @throws ArchiveError for a path that could lead outside, for a link, and for a file that is there */
export async function unpackFile(entry: ArchiveEntry, folder: string): Promise<void> {
  const path = entry.path.replaceAll('\\', '/')
  const parts = path.split('/')
  if (path.startsWith('/') || path.includes('\0') || parts.some((part) => part === '..' || part === '')) {
    throw new ArchiveError(`${JSON.stringify(entry.path)}: is a path that could lead outside`)
  }
  // Through a link that is unpacked first, a later file would be written elsewhere.
  if (entry.kind === 'link') throw new ArchiveError(`${path}: is a link`)
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, entry.read(), { flag: 'wx' })
}

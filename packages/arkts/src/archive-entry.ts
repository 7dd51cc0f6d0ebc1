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

/** The path of an entry below a folder. @throws ArchiveError for one that could lead outside, and for a link */
export function safePath({ path: given, kind }: ArchiveEntry): string {
  const path = given.replaceAll('\\', '/')
  const parts = (kind === 'folder' ? path.replace(/\/$/, '') : path).split('/')
  if (path.startsWith('/') || path.includes('\0') || parts.some((part) => part === '..' || part === '')) {
    throw new ArchiveError(`${JSON.stringify(given)}: is a path that could lead outside`)
  }
  // Through a link that is unpacked first, a later file would be written elsewhere.
  if (kind === 'link') throw new ArchiveError(`${path}: is a link`)
  return parts.join('/')
}

/**
 * Writes a file into a folder.
 *
 * @param options `replace`: a file that is there is written anew, and not refused
 * @throws ArchiveError for a path that could lead outside, for a link, and for a file that is there unless it is replaced
 */
export async function unpackFile(
  entry: ArchiveEntry,
  folder: string,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  const target = join(folder, safePath(entry))
  const bytes = entry.read()
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, bytes, { flag: replace ? 'w' : 'wx' })
  } catch (error) {
    if (replace || !isTaken(error)) throw error
    throw new ArchiveError(`${safePath(entry)}: is there twice`, { cause: error })
  }
}

/** Whether a file was there, in its place or in that of its folder. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOTDIR')
}

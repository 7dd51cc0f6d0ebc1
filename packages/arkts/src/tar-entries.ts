import { gunzipSync } from 'node:zlib'

import { type ArchiveEntry, ArchiveError } from './archive-entry.ts'

/** Most bytes that a packed library may unpack to. */
const maxBytes = 256 * 1024 * 1024
/** Offsets and sizes of a header are those of ustar, POSIX.1-2017, pax, section "ustar Interchange Format". */
const blockBytes = 512

/** What the header before a file says of it where the file's own has no room. */
interface LongNames {
  path: string | undefined
}

/**
 * Reads a tar archive that gzip has packed: ustar, with the long names of pax and GNU.
 *
 * @returns in the order of the archive
 * @throws ArchiveError
 */
export function readTarEntries(packed: Buffer): ArchiveEntry[] {
  const archive = unpacked(packed)
  const entries: ArchiveEntry[] = []
  const long: LongNames = { path: undefined }
  for (let offset = 0; offset + blockBytes <= archive.length;) {
    const header = archive.subarray(offset, offset + blockBytes)
    if (header.every((byte) => byte === 0)) break
    checkSum(header)
    const size = number(header, 124, 12)
    const content = archive.subarray(offset + blockBytes, offset + blockBytes + size)
    if (content.length < size) throw new ArchiveError('ends in the middle of a file')
    const entry = entryOf(header, content, long)
    if (entry !== undefined) entries.push(entry)
    offset += blockBytes + Math.ceil(size / blockBytes) * blockBytes
  }
  return entries
}

function unpacked(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: maxBytes })
  } catch (error) {
    throw new ArchiveError('is no packed archive, or a larger one than is read', { cause: error })
  }
}

function entryOf(header: Buffer, content: Buffer, long: LongNames): ArchiveEntry | undefined {
  const type = String.fromCharCode(header[156] ?? 0)
  if (type === 'x') long.path = paxPath(content) ?? long.path
  if (type === 'L') long.path = content.toString('utf8').replace(/\0.*$/s, '')
  // Of pax for all that follows, of GNU for the next link.
  if (['x', 'L', 'g', 'K'].includes(type)) return undefined
  const isUstar = header.toString('latin1', 257, 262) === 'ustar'
  const prefix = isUstar ? text(header, 345, 155) : ''
  const name = text(header, 0, 100)
  const path = long.path ?? (prefix === '' ? name : `${prefix}/${name}`)
  long.path = undefined
  const kind = kindOf(type, path)
  return { path, kind, size: kind === 'file' ? content.length : 0, read: () => content }
}

/** Whatever is neither a file nor a folder, devices too, counts as a link: nobody may unpack it. */
function kindOf(type: string, path: string): ArchiveEntry['kind'] {
  if (type === '5' || path.endsWith('/')) return 'folder'
  return type === '0' || type === '\0' || type === '7' ? 'file' : 'link'
}

/** The records of a pax header are `<length> <name>=<value>\n`. */
function paxPath(content: Buffer): string | undefined {
  for (let offset = 0; offset < content.length;) {
    const length = Number.parseInt(content.toString('latin1', offset, offset + 20), 10)
    if (!(length > 0)) throw new ArchiveError('has a header that cannot be read')
    const record = content.toString('utf8', offset, offset + length)
    const value = /^\d+ path=(.*)\n$/s.exec(record)?.[1]
    if (value !== undefined) return value
    offset += length
  }
  return undefined
}

function checkSum(header: Buffer): void {
  const said = number(header, 148, 8)
  let sum = 0
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte
  if (sum !== said) throw new ArchiveError('is damaged, or no tar archive')
}

function number(header: Buffer, start: number, length: number): number {
  const digits = text(header, start, length).trim()
  if (!/^[0-7]*$/.test(digits)) throw new ArchiveError('has a number that cannot be read')
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

function text(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '')
}

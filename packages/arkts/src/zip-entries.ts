import { isUtf8 } from 'node:buffer'
import { inflateRawSync } from 'node:zlib'

import { type ArchiveEntry, ArchiveError } from './archive-entry.ts'

/** Signatures and sizes are those of the format's description, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
const endSignature = 0x06054b50
const endBytes = 22
/** The end may be followed by a comment. */
const longestComment = 0xffff
const directorySignature = 0x02014b50
const directoryBytes = 46
const localSignature = 0x04034b50
const localBytes = 30
/** Stands for a number that is elsewhere, in archives of more than 4 GiB or 65,535 files. */
const elsewhere = 0xffffffff

const encryptedFlag = 0x1
/** The name is UTF-8. */
const unicodeFlag = 0x800
/** An extra field with the name in UTF-8, beside one in the letters of the system that made the archive (section 4.6.9). */
const unicodePath = 0x7075
/** File type bits of the mode that unix tools keep in the upper half of the external attributes. */
const typeMask = 0o170000
const linkType = 0o120000

/**
 * Reads the directory of a zip archive. Methods 0 (stored) and 8 (deflated) are known.
 *
 * @returns in the order of the archive
 * @throws ArchiveError
 */
export function readZipEntries(archive: Buffer): ArchiveEntry[] {
  const end = findEnd(archive)
  const count = archive.readUInt16LE(end + 10)
  const entries: ArchiveEntry[] = []
  let offset = archive.readUInt32LE(end + 16)
  if (offset === elsewhere || count === 0xffff)
    throw new ArchiveError('is a zip64 archive, which is not read')
  for (let index = 0; index < count; index++) {
    if (offset + directoryBytes > archive.length || archive.readUInt32LE(offset) !== directorySignature) {
      throw new ArchiveError(`has no entry ${index + 1} of ${count}`)
    }
    const nameLength = archive.readUInt16LE(offset + 28)
    const extraLength = archive.readUInt16LE(offset + 30)
    const name = archive.subarray(offset + directoryBytes, offset + directoryBytes + nameLength)
    const extra = archive.subarray(
      offset + directoryBytes + nameLength,
      offset + directoryBytes + nameLength + extraLength,
    )
    const path = nameOf(name, extra, archive.readUInt16LE(offset + 8))
    entries.push(entryAt(archive, offset, path))
    offset += directoryBytes + nameLength + extraLength + archive.readUInt16LE(offset + 32)
  }
  return entries
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - endBytes - longestComment)
  for (let offset = archive.length - endBytes; offset >= first; offset--) {
    if (archive.readUInt32LE(offset) === endSignature) return offset
  }
  throw new ArchiveError('is not a zip archive')
}

/**
 * The name of a file, with `/`, which some programs of Windows write as `\\`. One that is not UTF-8 is of a Chinese Windows: nobody
 * else's letters are told apart from that, and whoever wrote a project for the device has those.
 */
function nameOf(bytes: Buffer, extra: Buffer, flags: number): string {
  const text = (flags & unicodeFlag) !== 0 || isUtf8(bytes) ? bytes.toString('utf8') : localName(bytes, extra)
  return text.replaceAll('\\', '/')
}

function localName(bytes: Buffer, extra: Buffer): string {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const end = at + 4 + extra.readUInt16LE(at + 2)
    // After its version and the checksum of the other name.
    if (extra.readUInt16LE(at) === unicodePath && end <= extra.length && end > at + 9)
      return extra.toString('utf8', at + 9, end)
  }
  return new TextDecoder('gb18030').decode(bytes)
}

function entryAt(archive: Buffer, offset: number, path: string): ArchiveEntry {
  const flags = archive.readUInt16LE(offset + 8)
  const method = archive.readUInt16LE(offset + 10)
  const checksum = archive.readUInt32LE(offset + 16)
  const packed = archive.readUInt32LE(offset + 20)
  const size = archive.readUInt32LE(offset + 24)
  const mode = archive.readUInt32LE(offset + 38) >>> 16
  const start = archive.readUInt32LE(offset + 42)
  return {
    path,
    kind: path.endsWith('/') ? 'folder' : (mode & typeMask) === linkType ? 'link' : 'file',
    size,
    read() {
      if ((flags & encryptedFlag) !== 0) throw new ArchiveError(`${path}: is encrypted`)
      const bytes = unpack(dataOf(archive, start, packed, path), method, size, path)
      if (bytes.length !== size || crc32(bytes) !== checksum) throw new ArchiveError(`${path}: is damaged`)
      return bytes
    },
  }
}

function dataOf(archive: Buffer, start: number, length: number, path: string): Buffer {
  if (start + localBytes > archive.length || archive.readUInt32LE(start) !== localSignature) {
    throw new ArchiveError(`${path}: is not where the directory says`)
  }
  const data = start + localBytes + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
  return archive.subarray(data, data + length)
}

function unpack(data: Buffer, method: number, size: number, path: string): Buffer {
  if (method === 0) return data
  if (method !== 8) throw new ArchiveError(`${path}: is packed by method ${method}, which is not read`)
  try {
    // One byte more than it says, because 0 would mean no limit.
    return inflateRawSync(data, { maxOutputLength: size + 1 })
  } catch (error) {
    throw new ArchiveError(`${path}: is damaged, or larger than the archive says`, { cause: error })
  }
}

/** CRC-32 of ISO 3309, byte by byte from a table; node:zlib has one from Node 20.15 on. */
export const crcTable: Uint32Array = Uint32Array.from({ length: 256 }, (_none, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** @param before the checksum of what came before */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = (before ^ 0xffffffff) >>> 0
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

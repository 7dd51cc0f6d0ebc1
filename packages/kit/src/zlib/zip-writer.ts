import { crc32 } from '@vpnext/arkts/zip'
import { removeFile } from '@vpnext/native'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { deflateRaw, type ZlibOptions } from 'node:zlib'

const pack = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw)

/** Signatures and layouts are those of APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
const localSignature = 0x04034b50
const directorySignature = 0x02014b50
const endSignature = 0x06054b50
const localBytes = 30
const directoryBytes = 46
const endBytes = 22
/** 2.0: deflated, and folders. */
const version = 20
/** Made on unix: the upper half of the external attributes is a mode. */
const madeOnUnix = 3 << 8
/** Names are UTF-8. */
const utf8Flag = 0x800
const deflated = 8
/** 1980-01-01, the first day the format knows. */
const firstDay = 0x21
const fileMode = 0o100644
const folderMode = 0o40755

/** What goes into an archive. */
export interface ZipSource {
  /** In the archive, with `/`; a folder's ends with one. */
  readonly name: string
  /** Where it is; a folder has none. */
  readonly path?: string
}

/**
 * Writes a zip archive; each file is read whole.
 *
 * @param target emptied first, if it is there
 * @throws node's error of the file system; what was written then is removed
 */
export async function writeZip(
  target: string,
  sources: readonly ZipSource[],
  options: ZlibOptions,
): Promise<void> {
  const file = await open(target, 'w')
  try {
    await writeEntries(file, sources, options)
  } catch (error) {
    removeFile(target)
    throw error
  } finally {
    await file.close()
  }
}

async function writeEntries(
  file: FileHandle,
  sources: readonly ZipSource[],
  options: ZlibOptions,
): Promise<void> {
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, path } of sources) {
    const bytes = path === undefined ? Buffer.alloc(0) : await readFile(path)
    const packed = path === undefined ? bytes : await pack(bytes, options)
    const entry = { name, size: bytes.length, checksum: crc32(bytes), packed, offset }
    const written = [header(entry, 'local'), packed]
    directory.push(header(entry, 'directory'))
    for (const part of written) {
      await file.write(part)
      offset += part.length
    }
  }
  const list = Buffer.concat(directory)
  await file.write(Buffer.concat([list, end(sources.length, list.length, offset)]))
}

interface PackedEntry {
  readonly name: string
  /** Of the file, bytes, and its CRC-32. */
  readonly size: number
  readonly checksum: number
  readonly packed: Buffer
  readonly offset: number
}

/** What stands before the bytes, and in the directory with more around it. */
function header({ name, size, checksum, packed, offset }: PackedEntry, kind: 'local' | 'directory'): Buffer {
  const isFolder = name.endsWith('/')
  const text = Buffer.from(name, 'utf8')
  const head = Buffer.alloc(kind === 'local' ? localBytes : directoryBytes)
  head.writeUInt32LE(kind === 'local' ? localSignature : directorySignature, 0)
  // The directory has the version that made it before that which is needed; all after it is alike.
  let at = 4
  if (kind === 'directory') at = head.writeUInt16LE(version | madeOnUnix, at)
  at = head.writeUInt16LE(version, at)
  at = head.writeUInt16LE(utf8Flag, at)
  at = head.writeUInt16LE(isFolder ? 0 : deflated, at)
  at = head.writeUInt16LE(0, at)
  at = head.writeUInt16LE(firstDay, at)
  at = head.writeUInt32LE(checksum, at)
  at = head.writeUInt32LE(packed.length, at)
  at = head.writeUInt32LE(size, at)
  head.writeUInt16LE(text.length, at)
  if (kind === 'directory') {
    head.writeUInt32LE(((isFolder ? folderMode : fileMode) << 16) >>> 0, 38)
    head.writeUInt32LE(offset, 42)
  }
  return Buffer.concat([head, text])
}

function end(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(endBytes)
  bytes.writeUInt32LE(endSignature, 0)
  bytes.writeUInt16LE(count, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(size, 12)
  bytes.writeUInt32LE(offset, 16)
  return bytes
}

import {
  ArchiveError,
  type ArchiveEntry,
  checkAmount,
  readZipEntries,
  safePath,
  unpackFile,
} from '@vpnext/arkts/zip'
import { errorText } from '@vpnext/native'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ZlibOptions, constants } from 'node:zlib'

import { asyncForm, noInput } from '../call-forms.ts'
import {
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  parameterError,
  textParameter,
} from '../parameters.ts'
import { provide } from '../provided.ts'
import { Checksum } from './checksum.ts'
import { zipSources } from './zip-sources.ts'
import { writeZip } from './zip-writer.ts'
import { zlibError } from './zlib-error.ts'

const enumerations = {
  CompressLevel: {
    COMPRESS_LEVEL_NO_COMPRESSION: 0,
    COMPRESS_LEVEL_BEST_SPEED: 1,
    COMPRESS_LEVEL_BEST_COMPRESSION: 9,
    COMPRESS_LEVEL_DEFAULT_COMPRESSION: -1,
  },
  CompressStrategy: {
    COMPRESS_STRATEGY_DEFAULT_STRATEGY: 0,
    COMPRESS_STRATEGY_FILTERED: 1,
    COMPRESS_STRATEGY_HUFFMAN_ONLY: 2,
    COMPRESS_STRATEGY_RLE: 3,
    COMPRESS_STRATEGY_FIXED: 4,
  },
  MemLevel: { MEM_LEVEL_MIN: 1, MEM_LEVEL_MAX: 9, MEM_LEVEL_DEFAULT: 8 },
  ParallelStrategy: {
    PARALLEL_STRATEGY_SEQUENTIAL: 0,
    PARALLEL_STRATEGY_PARALLEL_DECOMPRESSION: 1,
  },
  PathSeparatorStrategy: {
    PATH_SEPARATOR_STRATEGY_DEFAULT: 0,
    PATH_SEPARATOR_STRATEGY_REPLACE_BACKSLASH: 1,
  },
  ErrorCode: { ERROR_CODE_OK: 0, ERROR_CODE_ERRNO: -1 },
} as const

/**
 * `zlib` of `@kit.BasicServicesKit`: zip archives of files and folders. An archive holds files and folders alone; one whose paths lead
 * outside of the folder, or that has links, is refused with 900003 and nothing of it is written.
 */
export function zlibNamespace(): object {
  const compress = asyncForm(readCompression, compressAll)
  const decompress = asyncForm(readDecompression, ({ source, target }) => unpackAll(source, target))
  const constantsOf = Object.entries(enumerations).map(
    ([name, values]) => [name, provide(`zlib.${name}`, values)] as const,
  )
  return provide('zlib', {
    compressFile: compress,
    compressFiles: asyncForm(readCompressionOfMany, compressAll),
    decompressFile: decompress,
    /** Names of API 7. */
    zipFile: compress,
    unzipFile: decompress,
    /** Bytes of all files in an archive, as it says. */
    getOriginalSize: asyncForm(
      ([path]) => textParameter(path, 'compressedFile'),
      async (path) => (await entriesOf(path)).reduce((sum, { size }) => sum + size, 0),
    ),
    createChecksum: asyncForm(noInput, async () => new Checksum()),
    createChecksumSync: () => new Checksum(),
    ...Object.fromEntries(constantsOf),
  })
}

interface Compression {
  readonly sources: readonly string[]
  readonly target: string
  readonly options: ZlibOptions
}

function readCompression([source, target, options]: readonly unknown[]): Compression {
  return {
    sources: [textParameter(source, 'inFile')],
    target: textParameter(target, 'outFile'),
    options: readOptions(options),
  }
}

function readCompressionOfMany([sources, target, options]: readonly unknown[]): Compression {
  return {
    sources: listParameter(sources, 'inFiles', textParameter),
    target: textParameter(target, 'outFile'),
    options: readOptions(options),
  }
}

/** `decompressFile(in, out)` has no options, and none of them has an effect here. */
function readDecompression([source, target, options]: readonly unknown[]): {
  source: string
  target: string
} {
  readOptions(options ?? {})
  return { source: textParameter(source, 'inFile'), target: textParameter(target, 'outFile') }
}

function readOptions(value: unknown): ZlibOptions {
  const options = objectParameter(value, 'options')
  const member = (name: string, allowed: readonly number[]): number | undefined =>
    optionalMember(options, name, 'options', (given, field) => {
      const number = integerParameter(given, field)
      if (allowed.includes(number)) return number
      throw parameterError(field, `is none of ${allowed.join(', ')}`)
    })
  const level = member('level', Object.values(enumerations.CompressLevel))
  const memLevel = member('memLevel', Object.values(enumerations.MemLevel))
  const strategy = member('strategy', Object.values(enumerations.CompressStrategy))
  return {
    level: level ?? constants.Z_DEFAULT_COMPRESSION,
    memLevel: memLevel ?? enumerations.MemLevel.MEM_LEVEL_DEFAULT,
    strategy: strategy ?? constants.Z_DEFAULT_STRATEGY,
  }
}

async function compressAll({ sources, target, options }: Compression): Promise<void> {
  const found = await Promise.all(sources.map((path) => orInvalid(900001, () => zipSources(path))))
  await orInvalid(900002, () => writeZip(target, found.flat(), options))
}

async function unpackAll(source: string, target: string): Promise<void> {
  const entries = await entriesOf(source)
  const folder = await orInvalid(900002, () => stat(target))
  if (!folder.isDirectory()) throw zlibError(900002, `${target} is no folder`)
  try {
    checkAmount(entries)
    const paths = entries.map(safePath)
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'folder') await mkdir(join(target, paths[index] ?? ''), { recursive: true })
      else await unpackFile(entry, target, { replace: true })
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw zlibError(900003, error.message, error)
    throw zlibError(900002, errorText(error), error)
  }
}

async function entriesOf(path: string): Promise<ArchiveEntry[]> {
  const bytes = await orInvalid(900001, () => readFile(path))
  try {
    return readZipEntries(bytes)
  } catch (error) {
    throw zlibError(900003, errorText(error), error)
  }
}

async function orInvalid<T>(code: 900001 | 900002, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw zlibError(code, errorText(error), error)
  }
}

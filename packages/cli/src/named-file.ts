import { type Stats, createReadStream, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { type Readable, addAbortSignal } from 'node:stream'
import { ReadStream, isatty } from 'node:tty'
import { isErrno, NEVER_WAITING } from '@vpnext/native'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'

/** What a person names on the command line: a file, a pipe, or by mistake something that never ends. */
export interface NamedFile {
  readonly bytes: Buffer
  /** Its permissions, as st_mode of stat(2). */
  readonly mode: number
}

/**
 * Reads all of a file that a person names.
 *
 * @param longest in bytes
 * @throws CliFailure 5 when there is no such file, 1 for a folder or more than `longest`; AbortError
 */
export async function readNamedFile(path: string, longest: number, signal: AbortSignal): Promise<NamedFile> {
  const chunks: Buffer[] = []
  try {
    signal.throwIfAborted()
    const fd = openSync(path, NEVER_WAITING)
    const facts = fstatSync(fd)
    let length = 0
    for await (const chunk of addAbortSignal(signal, streamOf(fd, facts))) {
      if (Buffer.isBuffer(chunk)) chunks.push(chunk)
      length += chunks.at(-1)?.length ?? 0
      // The size of a pipe or a device says nothing.
      if (length > longest) throw new CliFailure(exitCodes.failure, `${path}: has more than ${longest} bytes`)
    }
    return { bytes: Buffer.concat(chunks), mode: facts.mode }
  } catch (error) {
    if (isErrno(error, 'EISDIR')) {
      throw new CliFailure(exitCodes.failure, `${path} is a folder, not a file`, { cause: error })
    }
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG')) throw error
    throw new CliFailure(exitCodes.notFound, `there is no file ${path}`, { cause: error })
  } finally {
    // They may hold keys.
    for (const chunk of chunks) chunk.fill(0)
  }
}

/** Closes the descriptor at its end. What may wait is polled: a read(2) in node's pool can neither be given up nor outlived. */
function streamOf(fd: number, facts: Stats): Readable {
  if (facts.isFIFO()) return new Socket({ fd, readable: true, writable: false })
  if (isatty(fd)) return new ReadStream(fd)
  return createReadStream('', { fd })
}

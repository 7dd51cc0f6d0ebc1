import { open } from 'node:fs/promises'
import { isErrno } from '@vpnext/native'
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
 * @throws CliFailure 5 when there is no such file, 1 for a folder or more than `longest`
 */
export async function readNamedFile(path: string, longest: number): Promise<NamedFile> {
  const chunks: Buffer[] = []
  try {
    await using file = await open(path)
    const { mode } = await file.stat()
    // The size of a pipe or a device says nothing. `end` is the last byte read, so one too many at most.
    for await (const chunk of file.createReadStream({ end: longest, autoClose: false })) {
      if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    }
    const bytes = Buffer.concat(chunks)
    if (bytes.length <= longest) return { bytes, mode }
    bytes.fill(0)
    throw new CliFailure(exitCodes.failure, `${path}: has more than ${longest} bytes`)
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

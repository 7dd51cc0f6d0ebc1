import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'

import { removeFile } from '@vpnext/native'

import { missingMembers } from '../provided.ts'
import { pathArgument } from './arguments.ts'
import { asFileError, fileError } from './file-error.ts'
import { ReadStream, WriteStream } from './file-streams.ts'
import { KitFile } from './kit-file.ts'

interface Writing {
  readonly stream: WriteStream
  readonly path: string
}

/**
 * `fileIo.AtomicFile`: a file that is replaced as a whole. What is written goes to a new file beside it, which takes its place in `finishWrite`;
 * whoever reads finds the old content or the new.
 */
export class AtomicFile {
  readonly #path: string
  #writing: Writing | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('AtomicFile'))
  }

  /** @throws BusinessError 13900020 */
  constructor(path: unknown) {
    this.#path = pathArgument(path)
  }

  /** The file, open for reading; the caller closes it. @throws BusinessError 13900002 */
  getBaseFile(): KitFile {
    return orFileError(() => new KitFile(fs.openSync(this.#path, 'r'), this.#path))
  }

  /** @throws BusinessError 13900002 */
  openRead(): ReadStream {
    return new ReadStream(this.#path)
  }

  /** @throws BusinessError 13900002 */
  readFully(): ArrayBuffer {
    return orFileError(() => Uint8Array.from(fs.readFileSync(this.#path)).buffer)
  }

  /** What was begun before is dropped. @throws BusinessError 139000xx */
  startWrite(): WriteStream {
    this.failWrite()
    const path = `${this.#path}.${randomBytes(6).toString('hex')}.new`
    const stream = new WriteStream(path)
    this.#writing = { stream, path }
    return stream
  }

  /** The new content takes the place of the old; it is on disk before. @throws BusinessError 13900008 when nothing was begun */
  finishWrite(): void {
    const writing = this.#writing
    if (writing === undefined) throw fileError('EBADF', { reason: 'startWrite comes first' })
    this.#writing = undefined
    writing.stream.end()
    orFileError(() => {
      const fd = fs.openSync(writing.path, 'r')
      try {
        fs.fsyncSync(fd)
      } finally {
        fs.closeSync(fd)
      }
      fs.renameSync(writing.path, this.#path)
    })
  }

  /** The old content stays. */
  failWrite(): void {
    const writing = this.#writing
    if (writing === undefined) return
    this.#writing = undefined
    writing.stream.close()
    orFileError(() => removeFile(writing.path))
  }

  /** Removes the file, and what was begun. */
  delete(): void {
    this.failWrite()
    orFileError(() => removeFile(this.#path))
  }
}

function orFileError<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw asFileError(error)
  }
}

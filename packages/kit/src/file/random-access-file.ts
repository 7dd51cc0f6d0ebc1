import * as fs from 'node:fs'

import { missingMembers } from '../provided.ts'
import { countArgument, option, pathArgument } from './arguments.ts'
import { withBorrowed } from './borrowed-fd.ts'
import { openModeArgument } from './descriptor-calls.ts'
import { asFileError, invalidArgument } from './file-error.ts'
import { type OpenFile, ReadStream, WriteStream, openFile } from './file-streams.ts'
import { KitFile } from './kit-file.ts'
import { type Forms, forms } from './operation.ts'
import { PositionFile, type Piece, methodForms, readPiece, writePiece } from './position-file.ts'

const createMode = 0o600

/** What part of a file a {@link RandomAccessFile} shows: bytes from the start. */
interface Window {
  readonly start: number
  /** Exclusive; undefined: to wherever the file ends. */
  readonly end: number | undefined
}

/**
 * `fileIo.RandomAccessFile`: a file with a pointer of its own. An `offset` is counted from the pointer, and the pointer
 * stays behind what was read or written.
 */
export class RandomAccessFile {
  readonly #file: PositionFile
  readonly #window: Window
  readonly read: Forms<number>['later']
  readonly readSync: Forms<number>['now']
  readonly write: Forms<number>['later']
  readonly writeSync: Forms<number>['now']

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('RandomAccessFile'))
  }

  constructor(fd: number, window: Window) {
    this.#file = new PositionFile(fd, { position: window.start })
    this.#window = window
    const read = methodForms(readPiece, (piece) =>
      this.#transfer(piece, (bytes, at) => this.#file.read(bytes, at)),
    )
    const write = methodForms(writePiece, (piece) =>
      this.#transfer(piece, (bytes, at) => this.#file.write(bytes, at)),
    )
    this.read = read.later
    this.readSync = read.now
    this.write = write.later
    this.writeSync = write.now
  }

  /** -1 once closed is an error on any use. */
  get fd(): number {
    return this.#file.fd
  }

  /** Bytes from the start of the window. */
  get filePointer(): number {
    return this.#file.position - this.#window.start
  }

  setFilePointer(pointer: unknown): void {
    this.#file.position = this.#window.start + countArgument(pointer, 'filePointer', 0)
  }

  /** `getReadStream()`: from the start of the window; it has a descriptor of its own. @throws BusinessError 139000xx */
  getReadStream(): ReadStream {
    const { start, end } = this.#window
    return new ReadStream(this.#duplicate(), { start, ...(end !== undefined && { end: end - 1 }) })
  }

  /** `getWriteStream()`: from the start of the window. @throws BusinessError 139000xx */
  getWriteStream(): WriteStream {
    return new WriteStream(this.#duplicate(), { start: this.#window.start })
  }

  close(): void {
    try {
      this.#file.close()
    } catch (error) {
      throw asFileError(error)
    }
  }

  #duplicate(): OpenFile {
    const path = fs.readlinkSync(`/proc/self/fd/${this.fd}`)
    return openFile(
      withBorrowed(this.fd, (fd) => fd.dup().release()),
      path,
    )
  }

  #transfer({ bytes, offset }: Piece, action: (bytes: Uint8Array, at: number) => number): number {
    const at = this.#file.position + (offset ?? 0)
    const room = (this.#window.end ?? Infinity) - at
    return action(room < bytes.length ? bytes.subarray(0, Math.max(0, room)) : bytes, at)
  }
}

/** `createRandomAccessFile(file, mode?, options?)`: `file` is a path or an open File, whose descriptor is shared. */
export const createRandomAccessFile: Forms<RandomAccessFile> = forms({
  read: ([file, mode, options]) => {
    const start = countArgument(option(options, 'start'), 'options.start', 0)
    const end = countArgument(option(options, 'end'), 'options.end', undefined)
    if (end !== undefined && end < start) throw invalidArgument('options.end', 'is before options.start')
    return {
      file: file instanceof KitFile ? file : pathArgument(file, 'file'),
      mode: openModeArgument(mode),
      window: { start, end },
    }
  },
  now: openRandom,
  later: async (input) => openRandom(input),
})

function openRandom(input: {
  readonly file: KitFile | string
  readonly mode: number
  readonly window: Window
}): RandomAccessFile {
  const { file, mode, window } = input
  const fd = file instanceof KitFile ? file.fd : fs.openSync(file, mode, createMode)
  return new RandomAccessFile(fd, window)
}

import * as fs from 'node:fs'

import { type Chunk } from '../arkts/stream/chunk.ts'
import { Readable } from '../arkts/stream/readable.ts'
import { Writable } from '../arkts/stream/writable.ts'
import type { AnyFunction } from '../parameters.ts'
import { countArgument, option, pathArgument } from './arguments.ts'
import { asFileError, fileError, invalidArgument } from './file-error.ts'
import { openModeArgument } from './descriptor-calls.ts'
import { openMode, whenceType } from './modes.ts'

/** New files are for the process's user alone. */
const createMode = 0o600

/** A file that is already open: the stream has the descriptor from now on. */
export interface OpenFile {
  readonly fd: number
  readonly path: string
}

/** What a file stream reads or writes: bytes from the start; `end` exclusive. */
class FilePlace {
  #fd: number
  readonly path: string
  offset: number
  readonly end: number

  constructor({ fd, path }: OpenFile, offset: number, end: number) {
    this.#fd = fd
    this.path = path
    this.offset = offset
    this.end = end
  }

  /** @throws BusinessError 13900008 once closed */
  get fd(): number {
    if (this.#fd === -1) throw fileError('EBADF', { reason: 'the stream is closed' })
    return this.#fd
  }

  /** `seek(offset, whence?)`. @returns bytes from the start. @throws BusinessError 13900020 */
  seek(offset: unknown, whence: unknown = whenceType.SEEK_SET): number {
    if (typeof offset !== 'number' || !Number.isSafeInteger(offset))
      throw invalidArgument('offset', 'is not a whole number')
    const from = { 0: 0, 1: this.offset, 2: fs.fstatSync(this.fd).size }
    if (whence !== 0 && whence !== 1 && whence !== 2) throw invalidArgument('whence', 'is not a WhenceType')
    const place = from[whence] + offset
    if (place < 0) throw invalidArgument('offset', 'is before the start of the file')
    this.offset = place
    return place
  }

  /** @returns whether it was open */
  close(): boolean {
    if (this.#fd === -1) return false
    fs.closeSync(this.#fd)
    this.#fd = -1
    return true
  }
}

/** `fileIo.ReadStream`: a `stream.Readable` of a file; closed at the end, or by `close`. */
export class ReadStream extends Readable {
  readonly #place: FilePlace
  #bytesRead = 0

  /** `new ReadStream(path, options?)`: `start` and `end`, the last byte's place. @throws BusinessError 139000xx */
  constructor(file: unknown, options?: unknown) {
    super()
    const start = countArgument(option(options, 'start'), 'options.start', 0)
    const end = countArgument(option(options, 'end'), 'options.end', Infinity)
    if (end < start) throw invalidArgument('options.end', 'is before options.start')
    this.#place = new FilePlace(openFor(file, openMode.READ_ONLY), start, end + 1)
  }

  get bytesRead(): number {
    return this.#bytesRead
  }
  get path(): string {
    return this.#place.path
  }

  /** As {@link FilePlace.seek}. */
  seek(offset: unknown, whence?: unknown): number {
    return this.#place.seek(offset, whence)
  }

  close(): void {
    if (this.#place.close()) this.push(null)
  }

  override doRead(size: number): void {
    const place = this.#place
    const bytes = new Uint8Array(Math.max(0, Math.min(size, place.end - place.offset)))
    fs.read(place.fd, bytes, 0, bytes.length, place.offset, (error, count) => {
      if (error !== null) return this.fail(asFileError(error))
      place.offset += count
      this.#bytesRead += count
      if (count > 0) this.push(bytes.subarray(0, count))
      else this.close()
    })
  }
}

/** `fileIo.WriteStream`: a `stream.Writable` of a file; closed after `end`, or by `close`. */
export class WriteStream extends Writable {
  readonly #place: FilePlace
  readonly #appends: boolean
  #bytesWritten = 0

  /** `new WriteStream(path, options?)`: `start`, and `mode`, by default that of a new or emptied file. @throws BusinessError 139000xx */
  constructor(file: unknown, options?: unknown) {
    super()
    const start = countArgument(option(options, 'start'), 'options.start', 0)
    const given = option(options, 'mode')
    const mode =
      given === undefined ? openMode.WRITE_ONLY | openMode.CREATE | openMode.TRUNC : openModeArgument(given)
    this.#appends = (mode & openMode.APPEND) !== 0
    this.#place = new FilePlace(openFor(file, mode), start, Infinity)
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }
  get path(): string {
    return this.#place.path
  }

  /** As {@link FilePlace.seek}. */
  seek(offset: unknown, whence?: unknown): number {
    return this.#place.seek(offset, whence)
  }

  close(): void {
    this.#place.close()
  }

  override doWrite(chunk: Chunk, _encoding: string, callback: AnyFunction): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    try {
      for (let done = 0; done < bytes.length;) {
        const at = this.#appends ? null : this.#place.offset
        const count = fs.writeSync(this.#place.fd, bytes, done, bytes.length - done, at)
        this.#place.offset += count
        this.#bytesWritten += count
        done += count
      }
    } catch (error) {
      callback(asFileError(error))
      return
    }
    callback()
  }

  protected override whenEnded(callback: AnyFunction): void {
    this.close()
    callback()
  }
}

/** `createReadStream(path, options?)`. */
export function createReadStream(path: unknown, options?: unknown): ReadStream {
  return new ReadStream(path, options)
}

/** `createWriteStream(path, options?)`. */
export function createWriteStream(path: unknown, options?: unknown): WriteStream {
  return new WriteStream(path, options)
}

function openFor(file: unknown, mode: number): OpenFile {
  if (isOpenFile(file)) return file
  const path = pathArgument(file)
  try {
    return { fd: fs.openSync(path, mode, createMode), path }
  } catch (error) {
    throw asFileError(error)
  }
}

function isOpenFile(value: unknown): value is OpenFile {
  return typeof value === 'object' && value !== null && openFiles.has(value)
}

const openFiles = new WeakSet<object>()

/** What the constructors take besides a path; code of extensions cannot make one. */
export function openFile(fd: number, path: string): OpenFile {
  const file = { fd, path }
  openFiles.add(file)
  return file
}

import * as fs from 'node:fs'

import { type Forms, callForms } from '../call-forms.ts'
import { bytesArgument, checkEncoding, countArgument, option } from './arguments.ts'
import { asFileError, fileError, invalidArgument } from './file-error.ts'

/** What is read or written, and where. */
export interface Piece {
  readonly bytes: Uint8Array
  /** From the options; undefined when none was given. */
  readonly offset: number | undefined
}

/** An open file that keeps a position of its own, as streams and random-access files do. Its descriptor is its own. */
export class PositionFile {
  /** -1 once closed. */
  #fd: number
  /** Bytes from the start. */
  position: number
  readonly #appends: boolean

  constructor(fd: number, options: { position?: number; appends?: boolean } = {}) {
    this.#fd = fd
    this.position = options.position ?? 0
    this.#appends = options.appends ?? false
  }

  /** @throws BusinessError 13900008 once closed */
  get fd(): number {
    if (this.#fd === -1) throw fileError('EBADF', { reason: 'the file is closed' })
    return this.#fd
  }

  /** @param at bytes from the start. @returns bytes read, 0 at the end; the position is behind them */
  read(bytes: Uint8Array, at: number): number {
    const count = fs.readSync(this.fd, bytes, 0, bytes.length, at)
    this.position = at + count
    return count
  }

  /** @param at bytes from the start; a file that appends writes at its end all the same */
  write(bytes: Uint8Array, at: number): number {
    const count = fs.writeSync(this.fd, bytes, 0, bytes.length, this.#appends ? null : at)
    this.position = this.#appends ? fs.fstatSync(this.fd).size : at + count
    return count
  }

  close(): void {
    fs.closeSync(this.fd)
    this.#fd = -1
  }
}

/** Reads `(buffer, options?)`. @throws BusinessError 13900020 */
export function readPiece([buffer, options]: readonly unknown[]): Piece {
  return piece(bytesArgument(buffer), options)
}

/** Reads `(buffer or text, options?)`. @throws BusinessError 13900020 */
export function writePiece([data, options]: readonly unknown[]): Piece {
  if (typeof data !== 'string') return piece(bytesArgument(data), options)
  checkEncoding(options)
  return piece(Buffer.from(data, 'utf8'), options)
}

/** Both forms of a method of a file; what fails is a BusinessError 139000xx. */
export function methodForms<Input, Output>(
  read: (args: readonly unknown[]) => Input,
  now: (input: Input) => Output,
): Forms<Output> {
  return callForms({ read, now }, asFileError)
}

function piece(bytes: Uint8Array, options: unknown): Piece {
  const length = countArgument(option(options, 'length'), 'options.length', bytes.length)
  if (length > bytes.length) throw invalidArgument('options.length', 'is more than the buffer holds')
  const offset = countArgument(option(options, 'offset'), 'options.offset', undefined)
  return { bytes: bytes.subarray(0, length), offset }
}

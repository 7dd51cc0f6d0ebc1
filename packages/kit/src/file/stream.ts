import * as fs from 'node:fs'

import { noInput } from '../call-forms.ts'
import { missingMembers } from '../provided.ts'
import { descriptorArgument, pathArgument } from './arguments.ts'
import { invalidArgument } from './file-error.ts'
import { type Forms, forms } from './operation.ts'
import { PositionFile, methodForms, readPiece, writePiece } from './position-file.ts'

/** Modes of fopen(3), which are those of node. */
const modes: ReadonlySet<string> = new Set(['r', 'r+', 'w', 'w+', 'a', 'a+'])
/** New files are for the process's user alone. */
const createMode = 0o600

/**
 * `fileIo.Stream`. Every write is with the kernel at once, so there is nothing to flush. An `offset` is counted from the
 * start of the file, and the position stays behind what was read or written.
 */
export class Stream {
  readonly #file: PositionFile

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Stream'))
  }

  constructor(file: PositionFile) {
    this.#file = file
    const read = methodForms(readPiece, ({ bytes, offset }) => file.read(bytes, offset ?? file.position))
    const write = methodForms(writePiece, ({ bytes, offset }) => file.write(bytes, offset ?? file.position))
    const flush = methodForms(noInput, () => void file.fd)
    const close = methodForms(noInput, () => file.close())
    this.read = read.later
    this.readSync = read.now
    this.write = write.later
    this.writeSync = write.now
    this.flush = flush.later
    this.flushSync = flush.now
    this.close = close.later
    this.closeSync = close.now
  }

  readonly read: Forms<number>['later']
  readonly readSync: Forms<number>['now']
  readonly write: Forms<number>['later']
  readonly writeSync: Forms<number>['now']
  readonly flush: Forms<void>['later']
  readonly flushSync: Forms<void>['now']
  readonly close: Forms<void>['later']
  readonly closeSync: Forms<void>['now']

  /** Bytes from the start. */
  get position(): number {
    return this.#file.position
  }
}

/** `createStream(path, mode)`. */
export const createStream: Forms<Stream> = forms({
  read: ([path, mode]) => ({ path: pathArgument(path), mode: modeArgument(mode) }),
  now: ({ path, mode }) => streamOn(fs.openSync(path, mode, createMode), mode),
  later: async ({ path, mode }) => streamOn(fs.openSync(path, mode, createMode), mode),
})

/** `fdopenStream(fd, mode)`: the descriptor is the stream's from now on. */
export const fdopenStream: Forms<Stream> = forms({
  read: ([fd, mode]) => ({ fd: descriptorArgument(fd), mode: modeArgument(mode) }),
  now: streamOnOpen,
  later: async (input) => streamOnOpen(input),
})

function modeArgument(value: unknown): string {
  if (typeof value === 'string' && modes.has(value)) return value
  throw invalidArgument('mode', `is not one of ${[...modes].join(', ')}`)
}

function streamOnOpen({ fd, mode }: { readonly fd: number; readonly mode: string }): Stream {
  // Fails for a descriptor that is not open.
  fs.fstatSync(fd)
  return streamOn(fd, mode)
}

function streamOn(fd: number, mode: string): Stream {
  return new Stream(new PositionFile(fd, { appends: mode.startsWith('a') }))
}

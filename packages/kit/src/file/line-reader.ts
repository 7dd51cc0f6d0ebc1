import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

import { checkEncoding, pathArgument } from './arguments.ts'
import { asFileError } from './file-error.ts'
import { type Forms, forms } from './operation.ts'

/** Bytes read at once. */
const chunkSize = 64 * 1024

/** `readLines(path, options?)`: an iterator over the lines of a UTF-8 file. */
export const readLines: Forms<LineReader> = forms({
  read: ([path, options]) => {
    checkEncoding(options)
    return pathArgument(path, 'filePath')
  },
  now: (path) => new LineReader(openSync(path, 'r')),
  later: async (path) => new LineReader(openSync(path, 'r')),
})

/** `fileIo.ReaderIterator`: lines with their ends. The file is closed after the last one. */
export class LineReader {
  #fd: number | undefined
  readonly #decoder = new StringDecoder('utf8')
  readonly #chunk = Buffer.alloc(chunkSize)
  #text = ''

  constructor(fd: number) {
    this.#fd = fd
  }

  /** The next line; `done` and `''` after the last. @throws BusinessError 139000xx */
  next(): { done: boolean; value: string } {
    let end = this.#text.indexOf('\n')
    while (end === -1 && this.#fill()) end = this.#text.indexOf('\n')
    const line = end === -1 ? this.#text : this.#text.slice(0, end + 1)
    this.#text = this.#text.slice(line.length)
    return { done: line === '', value: line }
  }

  [Symbol.iterator](): this {
    return this
  }

  /** Reads on. @returns false at the end of the file */
  #fill(): boolean {
    if (this.#fd === undefined) return false
    let count: number
    try {
      count = readSync(this.#fd, this.#chunk)
    } catch (error) {
      throw asFileError(error)
    }
    if (count > 0) {
      this.#text += this.#decoder.write(this.#chunk.subarray(0, count))
      return true
    }
    closeSync(this.#fd)
    this.#fd = undefined
    this.#text += this.#decoder.end()
    return false
  }
}

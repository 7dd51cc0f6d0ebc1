import { StringDecoder } from 'node:string_decoder'

/** A longer line is cut and its rest dropped; in UTF-16 units. */
const maxLine = 8 * 1024

/** Cuts a stream of bytes into lines; an endless line costs no memory. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8')
  readonly #onLine: (line: string) => void
  #line = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  write(bytes: Buffer): void {
    const parts = this.#decoder.write(bytes).split('\n')
    for (const [index, part] of parts.entries()) {
      if (this.#line.length < maxLine) this.#line += part.slice(0, maxLine - this.#line.length)
      if (index < parts.length - 1) this.#emit()
    }
  }

  /** Gives out what has no newline yet. */
  end(): void {
    if (this.#line !== '') this.#emit()
  }

  #emit(): void {
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
    this.#line = ''
    this.#onLine(line)
  }
}

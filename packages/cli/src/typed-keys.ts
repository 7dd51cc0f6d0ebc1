import { PassThrough } from 'node:stream'
import type { CliContext } from './context.ts'

type Terminal = CliContext['stdin'] & { setRawMode?(mode: boolean): unknown }

/**
 * What is typed while a question stands in a terminal, for a prompt that reads it instead of the terminal itself. readline
 * closes at Ctrl-D without telling the prompt, and throws what a terminal that has gone answers, where nobody can catch it.
 */
export class TypedKeys extends PassThrough implements Disposable {
  readonly isTTY = true
  readonly #terminal: Terminal
  readonly #end = new AbortController()

  constructor(terminal: Terminal) {
    super()
    this.#terminal = terminal
    this.on('keypress', (_text, { ctrl, name }: { readonly ctrl?: boolean; readonly name?: string }) => {
      // The prompt and readline look at this key first.
      if (ctrl === true && name === 'd') setImmediate(this.#close)
    })
    terminal.once('end', this.#close).on('error', this.#close).pipe(this)
  }

  /** Aborts when nothing more will be typed: at Ctrl-D, or when the terminal has gone. */
  get ended(): AbortSignal {
    return this.#end.signal
  }

  setRawMode(mode: boolean): this {
    this.#terminal.setRawMode?.(mode)
    return this
  }

  /** Lets the terminal go, which keeps the process running else. */
  [Symbol.dispose](): void {
    this.#terminal.off('end', this.#close).off('error', this.#close).unpipe(this).pause()
    this.destroy()
  }

  readonly #close = (): void => this.#end.abort()
}

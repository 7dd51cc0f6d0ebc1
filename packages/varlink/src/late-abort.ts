/** An AbortController that is made when somebody first wants its signal: most calls end without. */
export class LateAbort {
  #controller: AbortController | undefined
  #aborted: { readonly reason: Error } | undefined

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason)
    }
    return this.#controller.signal
  }

  /** Again: nothing. */
  abort(reason: Error): void {
    this.#aborted ??= { reason }
    this.#controller?.abort(this.#aborted.reason)
  }
}

/** What has been begun, released last first. `AsyncDisposableStack` needs Node 24. */
export class AsyncStack implements AsyncDisposable {
  readonly #releases: (() => void | Promise<void>)[] = []

  defer(release: () => void | Promise<void>): void {
    this.#releases.push(release)
  }

  /** Releases everything, whatever fails. @throws AggregateError of what failed */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      try {
        await release()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'the service could not release everything')
  }
}

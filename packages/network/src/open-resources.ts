/** What was opened for one purpose, released last first. `DisposableStack` needs Node 24. */
export class OpenResources implements Disposable {
  readonly #resources: Disposable[] = []

  /** @returns the resource, which is released with the others from now on */
  own<Resource extends Disposable>(resource: Resource): Resource {
    this.#resources.push(resource)
    return resource
  }

  /** Again: nothing. */
  [Symbol.dispose](): void {
    for (const resource of this.#resources.splice(0).toReversed()) resource[Symbol.dispose]()
  }
}

/** What the kits of a process hold open: released together, and each at most once. */
export class Owned implements Disposable {
  readonly #resources = new Set<Disposable>()

  /** @returns what releases it earlier */
  add(resource: Disposable): Disposable {
    this.#resources.add(resource)
    return {
      [Symbol.dispose]: () => {
        if (this.#resources.delete(resource)) resource[Symbol.dispose]()
      },
    }
  }

  [Symbol.dispose](): void {
    for (const resource of this.#resources) {
      this.#resources.delete(resource)
      resource[Symbol.dispose]()
    }
  }
}

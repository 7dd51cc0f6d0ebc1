/** `fileIo.TaskSignal`: ends a `copy` early. */
export class TaskSignal {
  readonly #controller = new AbortController()
  #stopped: ((path: string) => void) | undefined
  readonly #path: Promise<string> = new Promise((resolve) => {
    this.#stopped = resolve
  })

  /** The signal of a copy's options, and what tells that it has ended. */
  static of(value: TaskSignal): { readonly signal: AbortSignal; stoppedAt(path: string): void } {
    return { signal: value.#controller.signal, stoppedAt: (path) => value.#stopped?.(path) }
  }

  cancel(): void {
    this.#controller.abort()
  }

  /** @returns the file that was being copied when it was cancelled */
  onCancel(): Promise<string> {
    return this.#path
  }
}

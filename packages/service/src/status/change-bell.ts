import { deferred } from '../deferred.ts'

/** Tells whoever waits that something has changed. Many changes in one turn of the event loop ring once. */
export class ChangeBell {
  readonly #waiting = new Set<() => void>()
  #count = 0
  #ringing = false

  /** How often it has rung; pass it to {@link after} to miss no change. */
  get count(): number {
    return this.#count
  }

  ring(): void {
    if (this.#ringing) return
    this.#ringing = true
    setImmediate(() => {
      this.#ringing = false
      this.#count += 1
      for (const wake of this.#waiting) wake()
    })
  }

  /** Resolves once it has rung more than `count` times, or `signal` aborts. */
  async after(count: number, signal: AbortSignal): Promise<void> {
    if (this.#count > count || signal.aborted) return
    const { promise, resolve } = deferred<void>()
    const wake = (): void => resolve()
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
    try {
      await promise
    } finally {
      this.#waiting.delete(wake)
      signal.removeEventListener('abort', wake)
    }
  }
}

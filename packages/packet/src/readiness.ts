import { type Fd, type FdWatch, type Interest, watchFd } from '@vpnext/native'

type Direction = 'readable' | 'writable'

/** Waits on the event loop for a descriptor to become readable or writable. */
export class Readiness implements Disposable {
  readonly #fd: Fd
  readonly #waiting: Record<Direction, (() => void)[]> = { readable: [], writable: [] }
  #watch: FdWatch | undefined
  #interest: Interest = {}

  constructor(fd: Fd) {
    this.#fd = fd
  }

  /**
   * Resolves when the descriptor is ready, or has failed: the next call on it tells.
   *
   * @throws signal's reason
   */
  async wait(direction: Direction, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = (): void => {
        this.#waiting[direction] = this.#waiting[direction].filter((waiter) => waiter !== done)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted, { once: true })
      this.#waiting[direction].push(done)
      this.#arm()
    })
  }

  /** Ends the watch and lets those who wait go on, to find the descriptor closed. */
  [Symbol.dispose](): void {
    this.#disarm()
    this.#release('readable')
    this.#release('writable')
  }

  #arm(): void {
    const readable = this.#waiting.readable.length > 0
    const writable = this.#waiting.writable.length > 0
    if (this.#watch === undefined) {
      this.#interest = { readable, writable }
      this.#watch = watchFd(this.#fd, this.#interest, (ready) => {
        // Nobody waits any more: a level-triggered watch would report for ever.
        if (ready.disconnect || (this.#waiting.readable.length === 0 && this.#waiting.writable.length === 0))
          this.#disarm()
        if (ready.readable || ready.disconnect) this.#release('readable')
        if (ready.writable || ready.disconnect) this.#release('writable')
      })
    } else if (this.#interest.readable !== readable || this.#interest.writable !== writable) {
      this.#interest = { readable, writable }
      this.#watch.update(this.#interest)
    }
  }

  #disarm(): void {
    this.#watch?.[Symbol.dispose]()
    this.#watch = undefined
  }

  #release(direction: Direction): void {
    const waiting = this.#waiting[direction]
    this.#waiting[direction] = []
    for (const resolve of waiting) resolve()
  }
}

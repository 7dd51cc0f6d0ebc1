import type { WaitingHost } from './waiting-host.ts'

/** How long after a start the next spare is begun, in ms: until then the processors belong to the extension. */
const refillDelayMs = 500

/**
 * Keeps one stage 1 started ahead, so that the start of an extension does not wait for node's. It has the privileges that
 * the service has, as every stage 1 has before it builds the sandbox, and nothing of anybody's: whose host it will be is
 * decided when it is taken.
 */
export class SpareHost implements AsyncDisposable {
  readonly #start: () => Promise<WaitingHost>
  #spare: Promise<WaitingHost | undefined> | undefined
  #timer: NodeJS.Timeout | undefined
  #open = true

  /** @param start makes one; the caller's from then on */
  constructor(start: () => Promise<WaitingHost>) {
    this.#start = start
  }

  /** Begins one unless there is one. What keeps it from starting will be heard when one is really needed. */
  fill(): void {
    if (!this.#open) return
    this.#spare ??= this.#start().catch(() => undefined)
  }

  /**
   * The spare, or one that is started now; it is the caller's.
   *
   * @throws node's error of spawn
   */
  async take(): Promise<WaitingHost> {
    const taken = this.#spare
    this.#spare = undefined
    clearTimeout(this.#timer)
    if (this.#open) this.#timer = setTimeout(() => this.fill(), refillDelayMs).unref()
    const spare = await taken
    if (spare?.hasEnded === false) return spare
    await spare?.[Symbol.asyncDispose]()
    return await this.#start()
  }

  /** Ends the spare; those that were taken are their owners'. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false
    clearTimeout(this.#timer)
    const spare = await this.#spare
    this.#spare = undefined
    await spare?.[Symbol.asyncDispose]()
  }
}

import { deferred } from '../deferred.ts'
import type { LogBook } from './log-book.ts'
import type { LogEntry } from './log-entry.ts'

/** Entries that are sent before the reader has taken those before: half a mebibyte of the longest. */
const entriesAtOnce = 64
/** Entries that may wait for a reader; of more, the oldest half is lost. */
const maxWaiting = 10_000

/** Where the entries go: the call of `ReadLogs`. */
interface Sink {
  readonly signal: AbortSignal
  reply(value: { readonly entry: LogEntry }): void
  /** Resolves when the reader has taken what was sent. */
  drained(): Promise<void>
}

/** Sends somebody the log at the pace that they read it: all of it at once is more than may wait for anybody. */
export class LogReader {
  readonly #logs: LogBook
  readonly #isWanted: (entry: LogEntry) => boolean
  #waiting: LogEntry[]
  #wake = (): void => undefined

  /** @param last of the entries that there are, at most so many; undefined: all */
  constructor(logs: LogBook, isWanted: (entry: LogEntry) => boolean, last: number | undefined) {
    this.#logs = logs
    this.#isWanted = isWanted
    this.#waiting = logs.last(isWanted, last)
  }

  /** @returns once all entries are sent; with `follow` when the reader has gone */
  async read(sink: Sink, { follow }: { readonly follow: boolean }): Promise<void> {
    using _following = follow ? this.#logs.follow((entry) => this.#add(entry)) : undefined
    sink.signal.addEventListener('abort', () => this.#wake(), { once: true })
    while (!sink.signal.aborted) {
      if (this.#waiting.length === 0) {
        if (!follow) return
        await this.#next(sink.signal)
      }
      for (const entry of this.#waiting.splice(0, entriesAtOnce)) sink.reply({ entry })
      await sink.drained()
    }
  }

  #add(entry: LogEntry): void {
    if (!this.#isWanted(entry)) return
    this.#waiting.push(entry)
    if (this.#waiting.length > maxWaiting) this.#waiting = this.#waiting.slice(maxWaiting / 2)
    this.#wake()
  }

  async #next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = deferred<void>()
    this.#wake = resolve
    await promise
  }
}

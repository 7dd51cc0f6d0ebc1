import { logRoom } from '../protocol/types.ts'
import type { LineBudget } from './line-budget.ts'
import type { LogEntry, LogLevel, LogSubject } from './log-entry.ts'

/** Lines kept for `ReadLogs`. */
const maxEntries = 10_000
/** A longer message is cut; in UTF-16 units. */
export const maxMessage: number = 8 * 1024
const maxTag = 128

/** The last log entries in memory, and everybody who follows them. */
export class LogBook {
  readonly #sink: (entry: LogEntry) => void
  readonly #followers = new Set<(entry: LogEntry) => void>()
  #entries: LogEntry[] = []
  #text = 0

  /** @param sink gets every entry too */
  constructor(sink: (entry: LogEntry) => void) {
    this.#sink = sink
  }

  /** Adds an entry; texts are cut to the limits. */
  add(entry: Omit<LogEntry, 'at'>): void {
    const kept: LogEntry = {
      at: Date.now(),
      ...entry,
      message: cut(entry.message, maxMessage),
      tag: cut(entry.tag, maxTag),
    }
    this.#entries.push(kept)
    this.#text += kept.message.length + kept.tag.length
    if (this.#entries.length > maxEntries || this.#text > logRoom) this.#forgetOldest()
    this.#sink(kept)
    for (const follower of this.#followers) follower(kept)
  }

  /** Adds a line of a host, as far as its budget goes. */
  addOf(
    host: { readonly subject: LogSubject; readonly lines: LineBudget },
    entry: Pick<LogEntry, 'source' | 'level' | 'domain' | 'tag' | 'message'>,
  ): void {
    const dropped = host.lines.take()
    if (dropped === 'dropped') return
    if (dropped > 0) this.note('warn', host.subject, `${dropped} lines were dropped: there are too many`)
    this.add({ ...entry, ...host.subject })
  }

  /** Adds a line of the service itself. */
  note(level: LogLevel, subject: LogSubject, message: string): void {
    this.add({ source: 'service', level, domain: 0, tag: 'vpnextd', message, ...subject })
  }

  /**
   * The last entries that `wanted` accepts, oldest first.
   *
   * @param last at most so many; undefined: all that are kept
   */
  last(wanted: (entry: LogEntry) => boolean, last?: number): LogEntry[] {
    const found = this.#entries.filter(wanted)
    return last === undefined ? found : found.slice(Math.max(0, found.length - last))
  }

  /** Forgets the entries that `unwanted` accepts. @returns how many */
  forget(unwanted: (entry: LogEntry) => boolean): number {
    const before = this.#entries.length
    this.#entries = this.#entries.filter((entry) => !unwanted(entry))
    this.#text = this.#entries.reduce((sum, { message, tag }) => sum + message.length + tag.length, 0)
    return before - this.#entries.length
  }

  /** Calls `follower` for every entry from now on, until the result is disposed. */
  follow(follower: (entry: LogEntry) => void): Disposable {
    this.#followers.add(follower)
    return { [Symbol.dispose]: () => this.#followers.delete(follower) }
  }

  /** Drops a tenth, so that the copying is paid once per many lines. */
  #forgetOldest(): void {
    let drop = Math.ceil(this.#entries.length / 10)
    let text = this.#text
    for (let index = 0; index < this.#entries.length && (index < drop || text > logRoom); index += 1) {
      const entry = this.#entries[index]
      if (entry !== undefined) text -= entry.message.length + entry.tag.length
      drop = Math.max(drop, index + 1)
    }
    this.#entries = this.#entries.slice(drop)
    this.#text = text
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}

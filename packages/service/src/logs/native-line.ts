import type { LogEntry, LogLevel } from './log-entry.ts'

/** Begins such a line. */
const recordMark = '\u001e'
/** Ends level, domain and tag. */
const headEnd = '\u001f'
/** Stands for a new line in the message. */
const newLineMark = '\u001d'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'fatal']

/**
 * Reads a line that native code logged by hilog, as it comes on standard error of a host: packages/arkts/sdk/source/hilog.c
 * writes it. It has level, domain in hexadecimal, tag, and the message.
 *
 * @returns undefined for a line of any other kind
 */
export function readNativeLine(
  line: string,
): Pick<LogEntry, 'source' | 'level' | 'domain' | 'tag' | 'message'> | undefined {
  const end = line.indexOf(headEnd)
  if (!line.startsWith(recordMark) || end < 0) return undefined
  const [, name, domain, tag] = /^(\w+) ([0-9a-f]{1,4}) (.*)$/s.exec(line.slice(1, end)) ?? []
  const level = levels.find((known) => known === name)
  if (level === undefined || domain === undefined || tag === undefined) return undefined
  const message = line.slice(end + 1).replaceAll(newLineMark, '\n')
  return { source: 'extension', level, domain: Number.parseInt(domain, 16), tag, message }
}

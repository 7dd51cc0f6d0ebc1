import type { logEntry } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { styleText } from 'node:util'
import { visible } from '../text/visible.ts'
import { type LogFormat, logTime } from './log-time.ts'

type Entry = Infer<typeof logEntry>

/** A level as the log has it. */
export type Level = Entry['level']

/** Levels as hilog writes and takes them. */
export const letters = { debug: 'D', info: 'I', warn: 'W', error: 'E', fatal: 'F' } as const

const allLevels: readonly Level[] = ['debug', 'info', 'warn', 'error', 'fatal']

/** The level that a letter or a word names, in any case. */
export function readLevel(text: string): Level | undefined {
  return allLevels.find((level) => text.toLowerCase() === level || text.toUpperCase() === letters[level])
}

const colors = { debug: 'gray', info: 'reset', warn: 'yellow', error: 'red', fatal: 'magenta' } as const

/** How `hilog -v` wants its lines. */
export interface LineStyle {
  readonly formats: ReadonlySet<LogFormat>
  /** Milliseconds since the epoch. */
  readonly bootedAt: number
}

/** A line as the device's hilog prints it: date and time of here, pid, thread, level, domain, bundle, tag, text. */
export function hilogLine(entry: Entry, { formats, bootedAt }: LineStyle): string {
  const { at, pid, level, bundleName, message } = entry
  const number = String(pid).padStart(5)
  const domain = `A${entry.domain.toString(16).toUpperCase().padStart(5, '0')}`
  const origin = [domain, bundleName, visible(tagOf(entry))].filter((part) => part !== '').join('/')
  const text = message.split('\n').map(visible).join('\n    ')
  const line = `${logTime(at, formats, bootedAt)} ${number} ${number} ${letters[level]} ${origin}: ${text}`
  return formats.has('color') ? styleText(colors[level], line, { validateStream: false }) : line
}

/** Lines of no extension have no tag of their own. */
function tagOf({ source, tag }: Entry): string {
  return source === 'extension' ? tag : source
}

/** What `hilog` was asked for. */
export interface LineFilter {
  readonly tags: readonly string[]
  readonly domains: readonly number[]
  readonly levels: readonly Level[]
  readonly pids: readonly number[]
  readonly pattern: RegExp | undefined
}

/** Whether a line is wanted: each kind of filter that is given must accept it; `^` before a tag excludes it. */
export function isWanted(entry: Entry, { tags, domains, levels, pids, pattern }: LineFilter): boolean {
  const excluded = tags.filter((tag) => tag.startsWith('^')).map((tag) => tag.slice(1))
  const included = tags.filter((tag) => !tag.startsWith('^'))
  const tag = tagOf(entry)
  return (
    !excluded.includes(tag) &&
    (included.length === 0 || included.includes(tag)) &&
    (domains.length === 0 || domains.includes(entry.domain)) &&
    (levels.length === 0 || levels.includes(entry.level)) &&
    (pids.length === 0 || pids.includes(entry.pid)) &&
    (pattern === undefined || pattern.test(entry.message))
  )
}

import type { logEntry } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { visible } from '../text/visible.ts'

type Entry = Infer<typeof logEntry>

const letters = { debug: 'D', info: 'I', warn: 'W', error: 'E', fatal: 'F' } as const

const two = (value: number, width = 2): string => String(value).padStart(width, '0')

/** A line as the device's hilog prints it: date and time of here, pid, thread, level, domain, bundle, tag, text. */
export function hilogLine(entry: Entry): string {
  const { at, pid, level, bundleName, message } = entry
  const date = new Date(at)
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) => two(value)).join(':')
  const number = String(pid).padStart(5)
  const domain = `A${entry.domain.toString(16).toUpperCase().padStart(5, '0')}`
  const origin = [domain, bundleName, visible(tagOf(entry))].filter((part) => part !== '').join('/')
  const text = message.split('\n').map(visible).join('\n    ')
  return `${day} ${time}.${two(date.getMilliseconds(), 3)} ${number} ${number} ${letters[level]} ${origin}: ${text}`
}

/** Lines of no extension have no tag of their own. */
function tagOf({ source, tag }: Entry): string {
  return source === 'extension' ? tag : source
}

/** What `hilog` was asked for. */
export interface LineFilter {
  readonly tags: readonly string[]
  readonly domains: readonly number[]
  readonly levels: readonly Entry['level'][]
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

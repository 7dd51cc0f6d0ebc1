import type { logEntry } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { visible } from './visible.ts'

const letters = { debug: 'D', info: 'I', warn: 'W', error: 'E', fatal: 'F' } as const

/**
 * One entry as hilog prints it: time, process, level, domain and tag, text. Further lines of the text, such as a stack, are
 * indented, so that none looks like an entry.
 */
export function logLine(entry: Infer<typeof logEntry>): string {
  const time = new Date(entry.at).toISOString().replace('T', ' ').replace('Z', '')
  const domain = entry.domain.toString(16).toUpperCase().padStart(5, '0')
  const origin = entry.source === 'extension' ? `${domain}/${visible(entry.tag)}` : entry.source
  const bundle = entry.bundleName === '' ? '' : ` ${entry.bundleName}`
  const text = entry.message.split('\n').map(visible).join('\n    ')
  return `${time} ${entry.pid} ${letters[entry.level]} ${origin}${bundle}: ${text}`
}

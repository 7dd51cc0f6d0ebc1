import type { logEntry } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'

const letters = { debug: 'D', info: 'I', warn: 'W', error: 'E', fatal: 'F' } as const

/** One entry as hilog prints it: time, process, level, domain and tag, text. Control characters are made visible. */
export function logLine(entry: Infer<typeof logEntry>): string {
  const time = new Date(entry.at).toISOString().replace('T', ' ').replace('Z', '')
  const domain = entry.domain.toString(16).toUpperCase().padStart(5, '0')
  const origin = entry.source === 'extension' ? `${domain}/${entry.tag}` : entry.source
  const bundle = entry.bundleName === '' ? '' : ` ${entry.bundleName}`
  return `${time} ${entry.pid} ${letters[entry.level]} ${origin}${bundle}: ${visible(entry.message)}`
}

/** An extension's text must not steer the terminal: C0, DEL and C1 characters become `\xNN`, except tab. */
function visible(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

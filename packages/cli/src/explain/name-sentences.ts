import type { NamePath, Resolution } from './name-path.ts'

/** The stub of systemd-resolved, systemd-resolved.service(8). */
const stubs = new Set(['127.0.0.53', '127.0.0.54'])

/** Tells in sentences who is asked for a name. */
export function nameSentences(name: string, path: NamePath): string[] {
  if (path.kind === 'hosts') return [`${name} is in ${path.path}: no server is asked for it.`]
  if (path.kind === 'no-file') {
    return [
      `Who is asked for the name ${name} cannot be told: ${path.path} is no regular file, and not read, because that may never end.`,
    ]
  }
  const { configured, asked, redirectedBy, file } = path
  const author =
    file.instance === undefined ? '' : `, which vpnext (instance ${file.instance}) wrote for a tunnel`
  const why =
    file.isDefault === true
      ? `${file.path} names no server, and the C library asks this machine then`
      : `it is the first in ${file.path}${author}`
  if (redirectedBy === undefined) {
    const stub = stubs.has(asked)
      ? [`That is systemd-resolved, which chooses a server by link and domain: resolvectl query ${name}`]
      : []
    return [`For the name ${name}, ${asked} is asked, because ${why}.`, ...stub]
  }
  const instead =
    asked === 'refuse'
      ? 'but the kernel refuses the question, because the tunnel has no server of that family'
      : `but the kernel sends the question to ${asked}`
  return [
    `For the name ${name}, ${configured} is asked, because ${why}; ${instead} (tunnel ${redirectedBy}).`,
  ]
}

export function resolutionSentence(name: string, { addresses, error }: Resolution): string {
  if (addresses.length > 0) return `It stands for ${addresses.map(({ address }) => address).join(', ')}.`
  return `What ${name} stands for could not be found out (${error ?? 'no answer'}), so nothing is said of it.`
}

import { dirname, resolve } from 'node:path'
import { isErrno, readPlainFile } from '@vpnext/native'
import { readResolverFile } from '../explain/resolver-file.ts'
import type { Journal } from '../journal.ts'
import type { OriginalFile } from '../plan/step.ts'
import { resolversOf } from './resolvers.ts'

/** What servers on this machine ask, where it is written down: systemd-resolved.service(8), NetworkManager.conf(5), resolvconf(8). */
const behindLocal: readonly string[] = [
  '/run/systemd/resolve/resolv.conf',
  '/run/NetworkManager/no-stub-resolv.conf',
  '/run/dnsmasq/resolv.conf',
]

/** Where the files lie that {@link uplinkResolver} reads beside the system's own, for whoever watches them. */
export const uplinkResolverFolders: readonly string[] = behindLocal.map((path) => dirname(path))

/**
 * The resolver configuration of the network below all tunnels, for whoever has to find a server by name while a tunnel is
 * closed, or carries nothing: what was there before tunnels, and behind servers on this machine, which are as closed as all
 * programs, those that they ask.
 *
 * @param path of resolv.conf
 * @param behind files that may name whom servers on this machine ask; the first that names others counts
 * @returns '' when there is none
 */
export function uplinkResolver(
  path: string,
  journal: Journal,
  behind: readonly string[] = behindLocal,
): string {
  const current = textOf(path)
  const undos = journal.entries().flatMap(({ undo }) => undo)
  const written = undos.filter((step) => step.kind === 'dns').filter((step) => step.path === path)
  const [oldest] = written
  const isOurs = written.some(({ ours }) => ours === current)
  const text = oldest !== undefined && isOurs ? originalText(path, oldest.original) : current
  if (!resolversOf(text).every(isLocal)) return text
  // systemd-resolved names those that tunnels brought it, too.
  const ofTunnels = undos.flatMap((step) => (step.kind === 'dns-link' ? step.servers : []))
  const more = behind
    .map((file) => readResolverFile(textOf(file)).servers)
    .map((servers) => servers.filter((server) => !isLocal(server) && !ofTunnels.includes(server)))
    .find((servers) => servers.length > 0)
  return [text, ...(more ?? []).map((server) => `nameserver ${server}\n`)].join('')
}

function isLocal(server: string): boolean {
  return server.startsWith('127.') || server === '::1'
}

function originalText(path: string, original: OriginalFile): string {
  switch (original.kind) {
    case 'file':
      return Buffer.from(original.base64, 'base64').toString()
    case 'symlink':
      return textOf(resolve(dirname(path), original.target))
    case 'absent':
      return ''
    default:
      return original satisfies never
  }
}

/** '' for a file that cannot be had, or is none. */
function textOf(path: string): string {
  try {
    return readPlainFile(path).toString('utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EINVAL')) return ''
    throw error
  }
}

import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isErrno, readPlainFile } from '@vpnext/native'
import { readResolverFile } from '../explain/resolver-file.ts'
import type { Journal } from '../journal.ts'
import type { OriginalFile } from '../plan/step.ts'

/** The stub of systemd-resolved and what is behind it, systemd-resolved.service(8). */
const stubs: readonly string[] = ['127.0.0.53', '127.0.0.54']
const behindStub = '/run/systemd/resolve/resolv.conf'

/**
 * The resolver configuration of the network below all tunnels, for whoever has to find a server by name while a tunnel is
 * closed: what was there before tunnels, and behind a stub, which is as closed as all programs, the servers that it asks.
 *
 * @param path of resolv.conf
 * @param behind the file that names the stub's servers
 * @returns undefined when it is what the file at `path` says
 */
export function uplinkResolver(
  path: string,
  journal: Journal,
  behind: string = behindStub,
): string | undefined {
  const current = textOf(path)
  const undos = journal
    .entries()
    .flatMap(({ undo }) => undo.filter((step) => step.kind === 'dns').filter((step) => step.path === path))
  const [oldest] = undos
  const isOurs = undos.some(({ ours }) => ours === current)
  const text = oldest !== undefined && isOurs ? originalText(path, oldest.original) : current
  const hidden = readResolverFile(text).servers.every((server) => stubs.includes(server))
  const more = hidden && existsSync(behind) ? readResolverFile(textOf(behind)).servers : []
  const whole = [text, ...more.map((server) => `nameserver ${server}\n`)].join('')
  return whole === current ? undefined : whole
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

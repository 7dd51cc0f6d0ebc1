import { basename, dirname, join } from 'node:path'
import { readPlainFile, removeFile } from '@vpnext/native'
import type { DnsFileUndo, OriginalFile } from '../plan/step.ts'
import type { DnsBackend } from './backend.ts'
import { readOriginal, writeOriginal } from './original-file.ts'
import { prepareFile, replaceFile } from './replace-file.ts'
import { resolvConfText } from './resolv-conf-text.ts'

/**
 * Writes resolv.conf(5) itself. A link is replaced, not followed: the file behind it belongs to another program, which may
 * write it at any time.
 *
 * Several tunnels share the file: the first one's undo has the original, and later ones inherit it. Whoever goes writes the file
 * for those that stay, and the last one restores the original.
 */
export const resolvConfBackend: DnsBackend<DnsFileUndo> = {
  name: 'resolv.conf',

  capture(dns, others) {
    const { path, instance, searchDomains } = dns
    const servers = dns.servers.map((server) => withZone(server, dns.interfaceName))
    const sharing = others.filter((other) => other.path === path)
    const original = sharing[0]?.original ?? readOriginal(path)
    const before = original.kind === 'symlink' && sharing.length === 0 ? readOrEmpty(path) : textOf(original)
    const ours = resolvConfText([{ servers, searchDomains }, ...sharing.toReversed()], instance, before)
    return { kind: 'dns', path, instance, servers, searchDomains, ours, original }
  },

  prepare(_dns, captured) {
    return prepareFile(captured.path, temporaryOf(captured), Buffer.from(captured.ours))
  },

  apply(_dns, captured) {
    replaceFile(captured.path, temporaryOf(captured), Buffer.from(captured.ours))
  },

  restore(undo, others) {
    removeFile(temporaryOf(undo))
    const sharing = others.filter(({ path }) => path === undo.path)
    const present = readOriginal(undo.path)
    const rest = sharing.length === 0 ? undefined : textFor(sharing)
    if (isSame(present, rest ?? undo.original)) return 'nothing-to-do'
    // The undo does not say when its tunnel came.
    const known = [...sharing, undo].map((_, place) => textFor(sharing.toSpliced(place, 0, undo)))
    const content = present.kind === 'file' ? Buffer.from(present.base64, 'base64') : undefined
    if (content === undefined || ![undo.ours, ...known].some((ours) => isOurs(content, ours, undo.original)))
      return 'not-ours'
    if (rest === undefined) writeOriginal(undo.path, temporaryOf(undo), undo.original)
    else replaceFile(undo.path, temporaryOf(undo), Buffer.from(rest))
    return 'restored'
  },
}

/** @param tunnels the oldest first, at least one */
function textFor(tunnels: readonly DnsFileUndo[]): string {
  const [first] = tunnels
  return first === undefined
    ? ''
    : resolvConfText(tunnels.toReversed(), first.instance, textOf(first.original))
}

/** A link-local server is nowhere without its interface (RFC 4007 section 11). */
function withZone(server: string, interfaceName: string): string {
  return /^fe[89ab]/i.test(server) ? `${server}%${interfaceName}` : server
}

/** In the same directory, so that it can be moved over the file. */
function temporaryOf({ path, instance }: DnsFileUndo): string {
  return join(dirname(path), `.${basename(path)}.vpnext-${instance}`)
}

function isSame(present: OriginalFile, wanted: OriginalFile | string): boolean {
  if (typeof wanted !== 'string') return JSON.stringify(present) === JSON.stringify(wanted)
  return present.kind === 'file' && Buffer.from(present.base64, 'base64').equals(Buffer.from(wanted))
}

function isOurs(content: Buffer, ours: string, original: OriginalFile): boolean {
  const written = Buffer.from(ours)
  if (content.equals(written)) return true
  if (original.kind !== 'file') return false
  const before = Buffer.from(original.base64, 'base64')
  return content.equals(overlaid(written, before)) || content.equals(overlaid(before, written))
}

/** What writing in place leaves when the process is killed before it cuts the file to length. */
function overlaid(upper: Buffer, lower: Buffer): Buffer {
  return Buffer.concat([upper, lower.subarray(upper.length)])
}

function textOf(original: OriginalFile): string {
  return original.kind === 'file' ? Buffer.from(original.base64, 'base64').toString('utf8') : ''
}

function readOrEmpty(path: string): string {
  try {
    return readPlainFile(path).toString('utf8')
  } catch {
    return ''
  }
}

import { readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { DnsUndo } from '../plan/step.ts'
import type { DnsBackend } from './backend.ts'
import { readOriginal, writeOriginal } from './original-file.ts'
import { replaceFile } from './replace-file.ts'
import { resolvConfText } from './resolv-conf-text.ts'

/**
 * Writes resolv.conf(5) itself. A link is replaced, not followed: the file behind it belongs to another program, which may
 * write it at any time.
 */
export const resolvConfBackend: DnsBackend = {
  name: 'resolv.conf',

  capture(dns) {
    const original = readOriginal(dns.path)
    const ours = resolvConfText(dns, readOrEmpty(dns.path))
    return { kind: 'dns', path: dns.path, instance: dns.instance, ours, original }
  },

  apply(dns, captured) {
    replaceFile(dns.path, temporaryOf(captured), Buffer.from(captured.ours))
  },

  restore(undo) {
    rmSync(temporaryOf(undo), { force: true })
    const present = readOriginal(undo.path)
    if (JSON.stringify(present) === JSON.stringify(undo.original)) return 'nothing-to-do'
    if (present.kind !== 'file' || !isOurs(Buffer.from(present.base64, 'base64'), undo)) return 'not-ours'
    writeOriginal(undo.path, temporaryOf(undo), undo.original)
    return 'restored'
  },
}

/** In the same directory, so that it can be moved over the file. */
function temporaryOf({ path, instance }: DnsUndo): string {
  return join(dirname(path), `.${basename(path)}.vpnext-${instance}`)
}

function isOurs(content: Buffer, { ours, original }: DnsUndo): boolean {
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

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

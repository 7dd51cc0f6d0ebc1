import { resolvConfBackend } from '../dns/resolv-conf.ts'
import { resolvedBackend } from '../dns/resolved.ts'
import { removeDnsRewrite } from '../dns/rewrite.ts'
import type { JournalEntry } from '../journal.ts'
import type { DnsData, DnsFileUndo, DnsRewriteUndo, DnsUndo } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'

/** What the backend needs to take the step back. */
export function captureDns(dns: DnsData, others: readonly JournalEntry[]): DnsUndo {
  return dns.backend === 'resolved'
    ? resolvedBackend.capture(dns, [])
    : resolvConfBackend.capture(dns, fileUndosOf(others))
}

/** Puts the servers in force; the original was captured into the journal entry. */
export function applyDns(dns: DnsData, { entry }: ApplyContext): void {
  const captured = entry.undo.find((step) => step.kind === 'dns' || step.kind === 'dns-link')
  switch (captured?.kind) {
    case 'dns':
      return resolvConfBackend.apply(dns, captured)
    case 'dns-link':
      return resolvedBackend.apply(dns, captured)
    default:
      throw new Error('the journal entry has no original of the resolver configuration')
  }
}

export function undoDns(undo: DnsUndo, { others }: Pick<UndoContext, 'others'>): Undone {
  switch (undo.kind) {
    case 'dns':
      return resolvConfBackend.restore(undo, fileUndosOf(others)) === 'restored' ? undo.path : undefined
    case 'dns-link': {
      const isRestored = resolvedBackend.restore(undo, []) === 'restored'
      return isRestored ? `resolver settings of ${undo.interfaceName}` : undefined
    }
    default:
      return undo satisfies never
  }
}

function fileUndosOf(entries: readonly JournalEntry[]): DnsFileUndo[] {
  return entries.flatMap(({ undo }) => undo.filter((step) => step.kind === 'dns'))
}

export function undoDnsRewrite(undo: DnsRewriteUndo): Undone {
  const removed = removeDnsRewrite(undo)
  return removed === 0 ? undefined : `${removed} BPF programs that sent DNS questions elsewhere`
}

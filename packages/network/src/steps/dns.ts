import { resolvConfBackend } from '../dns/resolv-conf.ts'
import { resolvedBackend } from '../dns/resolved.ts'
import { removeDnsRewrite } from '../dns/rewrite.ts'
import type { JournalEntry } from '../journal.ts'
import type { DnsData, DnsFileUndo, DnsRewriteUndo, DnsUndo, PlanStep } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'

/** What the backend needs to take the step back. */
export function captureDns(dns: DnsData, others: readonly JournalEntry[]): DnsUndo {
  return dns.backend === 'resolved'
    ? resolvedBackend.capture(dns, [])
    : resolvConfBackend.capture(dns, fileUndosOf(others))
}

/** Begins ahead with what takes time, where the plan has such a step. */
export function prepareDns(steps: readonly PlanStep[], context: ApplyContext): void {
  const dns = steps.find((step) => step.kind === 'dns')?.apply
  const captured = context.entry.undo.find((step) => step.kind === 'dns')
  if (dns === undefined || captured === undefined) return
  const prepared = resolvConfBackend.prepare?.(dns, captured)
  if (prepared !== undefined) context.preparedDns = prepared
}

/** Puts the servers in force; the original was captured into the journal entry. */
export function applyDns(dns: DnsData, { entry, preparedDns }: ApplyContext): void {
  if (preparedDns !== undefined) return preparedDns.appear()
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

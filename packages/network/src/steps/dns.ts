import { resolvConfBackend } from '../dns/resolv-conf.ts'
import type { DnsData, DnsUndo } from '../plan/step.ts'
import type { ApplyContext, Undone } from './context.ts'

/** Puts the servers in force; the original was captured into the journal entry. */
export function applyDns(dns: DnsData, { entry }: ApplyContext): void {
  const captured = entry.undo.find((step) => step.kind === 'dns')
  if (captured === undefined)
    throw new Error('the journal entry has no original of the resolver configuration')
  resolvConfBackend.apply(dns, captured)
}

export function undoDns(undo: DnsUndo): Undone {
  return resolvConfBackend.restore(undo) === 'restored' ? undo.path : undefined
}

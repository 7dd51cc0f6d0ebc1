import type { DnsData, DnsUndo } from '../plan/step.ts'

/** A way to tell the system's resolver about servers and search domains. One compliance suite checks them all. */
export interface DnsBackend {
  readonly name: string
  /** Reads what is there now, as the journal needs it to restore it later. Changes nothing. */
  capture(dns: DnsData): DnsUndo
  /** Puts the servers and domains in force; `captured` comes from {@link capture}. */
  apply(dns: DnsData, captured: DnsUndo): void
  /**
   * Restores what was there before, unless somebody else has changed it since. Idempotent.
   *
   * @returns whether something was changed, or why not
   */
  restore(undo: DnsUndo): 'restored' | 'not-ours' | 'nothing-to-do'
}

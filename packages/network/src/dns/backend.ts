import type { DnsData, DnsUndo } from '../plan/step.ts'

/** A way to tell the system's resolver about servers and search domains. One compliance suite checks them all. */
export interface DnsBackend<Captured extends DnsUndo = DnsUndo> {
  readonly name: DnsData['backend']
  /**
   * Reads what is there now, as the journal needs it to restore it later. Changes nothing.
   *
   * @param others of the other tunnels that this backend serves, the oldest first
   */
  capture(dns: DnsData, others: readonly Captured[]): Captured
  /** Puts the servers and domains in force; `captured` comes from {@link capture}. */
  apply(dns: DnsData, captured: Captured): void
  /**
   * Restores what was there before, unless somebody else has changed it since. Idempotent.
   *
   * @param others as for {@link capture}: they stay
   * @returns whether something was changed, or why not
   */
  restore(undo: Captured, others: readonly Captured[]): 'restored' | 'not-ours' | 'nothing-to-do'
}

import type { DnsData, DnsUndo } from '../plan/step.ts'

/** Servers and domains that need only a moment to be in force. */
export interface PreparedDns {
  /** As {@link DnsBackend.apply}. */
  appear(): void
  /** Nothing is left of the preparation. What has appeared stays. */
  discard(): void
}

/** A way to tell the system's resolver about servers and search domains. One compliance suite checks them all. */
export interface DnsBackend<Captured extends DnsUndo = DnsUndo> {
  readonly name: DnsData['backend']
  /**
   * Reads what is there now, as the journal needs it to restore it later. Changes nothing.
   *
   * @param others of the other tunnels that this backend serves, the oldest first
   */
  capture(dns: DnsData, others: readonly Captured[]): Captured
  /** Begins with what takes time and cannot be seen. Absent where there is no such part. */
  prepare?(dns: DnsData, captured: Captured): PreparedDns
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

import { errorText } from '@vpnext/native'
import type { AuditEvent, AuditLog } from '../audit/audit-log.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/** What {@link TunnelNotes} writes to. */
export interface TunnelNotesParts {
  readonly logs: LogBook
  readonly audit: AuditLog
}

/** What happens to tunnels, for the audit log and the log of their bundle. Never throws. */
export class TunnelNotes {
  readonly #parts: TunnelNotesParts

  constructor(parts: TunnelNotesParts) {
    this.#parts = parts
  }

  /** What the audit log says of a tunnel. */
  record(
    event: Extract<AuditEvent, { readonly interfaceName: string }>['event'],
    { run, interfaceName, scope }: TunnelEntry,
  ): void {
    const { ownerUid, bundleName } = run.target.bundle
    this.#parts.audit.note({ event, ownerUid, bundleName, interfaceName, scope: scope.kind })
  }

  /** Something of the tunnel is still in the kernel. */
  notUndone(entry: TunnelEntry, error: unknown): void {
    this.#tell('error', entry, `not undone: ${errorText(error)}`)
  }

  /** Connections of before the tunnel go on where it does not let them. */
  notClosed(entry: TunnelEntry, error: unknown): void {
    this.#tell('warn', entry, `connections of before were not closed, they hang: ${errorText(error)}`)
  }

  #tell(level: 'warn' | 'error', { run, interfaceName }: TunnelEntry, text: string): void {
    const { bundleName, ownerUid } = run.target.bundle
    this.#parts.logs.note(level, { bundleName, ownerUid, pid: 0 }, `${interfaceName}: ${text}`)
  }
}

import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from 'node:fs'
import { AuditBudget } from './audit-budget.ts'
import { type AuditVerdict, hashLine, readChain } from './chain.ts'

/** What happened; every member is written as it is, so none may hold a secret or a Want's parameters. */
export type AuditEvent =
  | { readonly event: 'service-start' | 'service-stop'; readonly instance: string }
  | { readonly event: 'log-resumed'; readonly reason: string }
  /** So many events of running extensions and programs of a user were too many to be written. */
  | { readonly event: 'omitted'; readonly ownerUid: number; readonly count: number }
  | {
      readonly event: 'install' | 'uninstall' | 'data-cleaned' | 'cache-cleaned'
      readonly byUid: number
      readonly ownerUid: number
      readonly bundleName: string
      readonly codeHash: string
    }
  | {
      readonly event:
        | 'consent-allowed'
        | 'consent-denied'
        | 'consent-revoked'
        | 'consent-expired'
        | 'always-on-set'
        | 'always-on-cleared'
      readonly byUid: number
      readonly ownerUid: number
      readonly bundleName: string
      readonly codeHash: string
    }
  | {
      readonly event: 'extension-start' | 'extension-end'
      readonly ownerUid: number
      readonly bundleName: string
      readonly codeHash: string
      readonly abilityName: string
      readonly hostUid: number
      readonly pid: number
    }
  | {
      readonly event: 'profile-stored' | 'profile-removed'
      readonly ownerUid: number
      readonly bundleName: string
      readonly name: string
    }
  | {
      readonly event: 'program-joined'
      readonly ownerUid: number
      readonly bundleName: string
      readonly pid: number
    }
  | {
      /** The last two: what the policy closes while there is no tunnel. */
      readonly event: 'tunnel-up' | 'tunnel-down' | 'lockdown-closed' | 'lockdown-opened'
      readonly ownerUid: number
      readonly bundleName: string
      readonly interfaceName: string
      readonly scope: 'device' | 'user'
    }

/**
 * The record of who allowed what and what ran: one JSON object a line, each with the SHA-256 of the line before it
 * (without its newline), so that a changed or missing line shows. Whoever can rewrite the whole file can also rewrite
 * the chain: keep a copy of the last hash elsewhere to detect that.
 */
export class AuditLog implements Disposable {
  readonly #fd: number
  readonly #onFailure: (error: unknown) => void
  readonly #budget = new AuditBudget()
  #previous: string
  #closed = false
  /** The fsync(2) that runs in another thread; `again`: something was written since it began. */
  #sync: 'idle' | 'under-way' | 'again' = 'idle'

  private constructor(fd: number, previous: string, onFailure: (error: unknown) => void) {
    this.#fd = fd
    this.#previous = previous
    this.#onFailure = onFailure
  }

  /**
   * Opens or creates the file. A last line without its newline, from a crash while it was written, is closed and kept.
   *
   * @param onFailure hears of events that {@link note} could not write
   * @returns the log, and whether what it held is intact; a broken chain is continued, not hidden
   */
  static open(path: string, onFailure: (error: unknown) => void): { log: AuditLog; verdict: AuditVerdict } {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants
    const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
    const { verdict, last, torn } = readChain(fd)
    if (torn) writeSync(fd, '\n')
    const log = new AuditLog(fd, last, onFailure)
    if (torn) log.append({ event: 'log-resumed', reason: 'the last line was cut off' })
    return { log, verdict }
  }

  /**
   * Writes an event that has happened already and cannot be taken back; it is on disk a little later. Of what extensions can do
   * again and again, too many are counted instead, see {@link AuditBudget}. Never throws.
   */
  note(event: AuditEvent): void {
    if (this.#closed) return
    const omitted = this.#budget.take(event)
    if (omitted === 'too many') return
    try {
      if (omitted !== undefined) this.#write(omitted)
      this.#write(event)
      this.#syncLater()
    } catch (error) {
      this.#onFailure(error)
    }
  }

  /**
   * Writes one event and waits until it is on disk; after {@link close} nothing is written.
   *
   * @throws node's error, e.g. ENOSPC: what was to be recorded should not happen then
   */
  append(event: AuditEvent): void {
    if (this.#closed) return
    this.#write(event)
    fsyncSync(this.#fd)
  }

  close(): void {
    if (this.#closed) return
    try {
      for (const omitted of this.#budget.takeOmitted()) this.#write(omitted)
    } catch (error) {
      this.#onFailure(error)
    }
    this.#closed = true
    if (this.#sync === 'idle') closeSync(this.#fd)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #write(event: AuditEvent): void {
    const line = JSON.stringify({ version: 1, at: Date.now(), ...event, previous: this.#previous })
    appendWhole(this.#fd, Buffer.from(`${line}\n`))
    this.#previous = hashLine(line)
  }

  /** Nobody waits for it: the fsync(2) of an event that has happened kept a new tunnel from its extension. */
  #syncLater(): void {
    if (this.#sync !== 'idle') {
      this.#sync = 'again'
      return
    }
    this.#sync = 'under-way'
    fsync(this.#fd, (error) => {
      const again = this.#sync === 'again'
      this.#sync = 'idle'
      if (error !== null) this.#onFailure(error)
      if (again) this.#syncLater()
      else if (this.#closed) closeSync(this.#fd)
    })
  }
}

/** Writes all of it or nothing: on a disk that is nearly full, write(2) takes a part before it fails. */
function appendWhole(fd: number, bytes: Uint8Array): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written)
  } catch (error) {
    if (written > 0) ftruncateSync(fd, fstatSync(fd).size - written)
    throw error
  }
}

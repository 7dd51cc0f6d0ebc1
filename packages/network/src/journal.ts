import { randomUUID } from 'node:crypto'
import { constants, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPlainFile } from '@vpnext/native'
import type { Lockdown } from './closed-tunnel.ts'
import { JournalError } from './errors.ts'
import { clearRoom, openRoom } from './journal-room.ts'
import { formatJournalEntry, parseJournalEntry } from './journal-text.ts'
import type { Undo } from './plan/step.ts'
import type { NetworkSettings } from './settings.ts'

/** How one tunnel is taken back after a crash: a file of the journal. */
export interface JournalEntry {
  readonly version: 1
  readonly instance: string
  readonly slot: number
  readonly interfaceName: string
  readonly owner: { readonly uid: number; readonly bundleName: string }
  /** /proc/sys/kernel/random/boot_id; after a reboot only files need restoring. */
  readonly bootId: string
  /** `net:[<inode>]`, where the kernel's part of the tunnel is. The kernel gives the number of one that is gone to the next. */
  readonly networkNamespace: string
  /** Of the same namespace, decimal: what no other one ever has while the kernel runs. Absent in an entry of vpnext 0.1.0. */
  readonly networkNamespaceCookie?: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** In the order of the steps; it is undone from the end. */
  readonly undo: readonly Undo[]
  /** For an always-on tunnel. */
  readonly lockdown?: Lockdown
}

/** The write-ahead record of all tunnels of one instance: a file per slot in a directory of mode 0700. */
export interface Journal {
  readonly directory: string
  /** The tunnels on record, the oldest first. */
  entries(): readonly JournalEntry[]
  /** Makes room for the entries of the next tunnels, and has it on disk: {@link begin} is faster then. @throws JournalError */
  makeRoom(): void
  /**
   * Writes an entry, which outlives the process when this returns.
   *
   * @returns how it outlives a power cut too
   * @throws JournalError when the slot is taken already, or nothing can be written
   */
  begin(entry: JournalEntry): WayToDisk
  /** Writes an entry and returns once it is on disk. @throws JournalError when the slot is taken already */
  record(entry: JournalEntry): void
  /** Removes the entry of a slot; none there: nothing. */
  remove(slot: number): void
}

/** An entry on its way to disk. */
export interface WayToDisk {
  /** Begins to bring it there, while the calling thread does something else. Again: nothing. */
  start(): void
  /** Returns once it is there; to be called in any case. Again: nothing. @throws JournalError */
  wait(): void
}

/**
 * Opens the journal of an instance. Entries that were never written to their end count for nothing: nothing had been done yet.
 *
 * @param directory made with mode 0700 when missing; must belong to the process's uid and be open to nobody else
 * @throws JournalError for a directory of another owner or mode, or an entry of another version
 */
export function openJournal(directory: string, settings: NetworkSettings): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  checkDirectory(directory)
  return new DirectoryJournal(directory, settings.instance)
}

/** Slots whose files are made ahead. Tunnels take the lowest free one. */
const slotsAhead = 2

class DirectoryJournal implements Journal {
  readonly directory: string
  readonly #instance: string
  readonly #entries: Map<number, JournalEntry>

  constructor(directory: string, instance: string) {
    this.directory = directory
    this.#instance = instance
    this.#entries = new Map(this.#read().map((entry) => [entry.slot, entry]))
  }

  entries(): readonly JournalEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.createdAt - b.createdAt || a.slot - b.slot)
  }

  makeRoom(): void {
    for (let slot = 0; slot < slotsAhead; slot++) {
      const path = this.#path(slot)
      if (!this.#entries.has(slot)) orJournalError(path, () => openRoom(path)[Symbol.dispose]())
    }
  }

  begin(entry: JournalEntry): WayToDisk {
    const { slot } = entry
    const path = this.#path(slot)
    if (this.#entries.has(slot)) throw new JournalError(path, 'the slot has an entry already')
    const room = orJournalError(path, () => openRoom(path))
    try {
      orJournalError(path, () => room.write(formatJournalEntry(entry)))
    } catch (error) {
      room[Symbol.dispose]()
      clearRoom(path)
      throw error
    }
    this.#entries.set(slot, entry)
    return {
      start: () => room.startSync(),
      wait: () => orJournalError(path, () => room.waitForSync()),
    }
  }

  record(entry: JournalEntry): void {
    this.begin(entry).wait()
  }

  remove(slot: number): void {
    if (!this.#entries.delete(slot)) return
    const path = this.#path(slot)
    // Not synced: an entry that comes back after a power cut finds nothing to undo.
    clearRoom(path)
  }

  #path(slot: number): string {
    return join(this.directory, `${this.#instance}.${slot}.json`)
  }

  #read(): JournalEntry[] {
    const entries: JournalEntry[] = []
    for (const name of readdirSync(this.directory)) {
      // An instance name has no dot in it.
      const [instance, slot, ...rest] = name.split('.')
      if (instance !== this.#instance || rest.join('.') !== 'json') continue
      const path = join(this.directory, name)
      const entry = readEntry(path)
      if (entry === undefined) continue
      if (entry.instance !== instance || String(entry.slot) !== slot) {
        throw new JournalError(path, 'does not belong to its name')
      }
      entries.push(entry)
    }
    return entries
  }
}

function orJournalError<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new JournalError(path, 'cannot be written', { cause: error })
  }
}

function checkDirectory(directory: string): void {
  const status = lstatSync(directory)
  if (!status.isDirectory()) throw new JournalError(directory, 'is not a directory')
  if (status.uid !== process.geteuid?.()) throw new JournalError(directory, `belongs to uid ${status.uid}`)
  if ((status.mode & 0o077) !== 0) {
    throw new JournalError(directory, `has mode ${(status.mode & 0o777).toString(8)}, but must have 700`)
  }
}

function readEntry(path: string): JournalEntry | undefined {
  const text = readPlainFile(path, { flags: constants.O_NOFOLLOW }).toString('utf8')
  try {
    return parseJournalEntry(text)
  } catch (error) {
    throw new JournalError(path, 'cannot be read', { cause: error })
  }
}

let bootId: string | undefined

/** Names this run of the kernel. Where /proc/sys/kernel is hidden each process is a boot of its own. */
export function readBootId(): string {
  bootId ??= bootIdOfKernel() ?? randomUUID()
  return bootId
}

function bootIdOfKernel(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return undefined
  }
}

import { randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isErrno, removeFile, syncInThread } from '@vpnext/native'
import type { Lockdown } from './closed-tunnel.ts'
import { JournalError } from './errors.ts'
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
  /** `net:[<inode>]`, where the kernel's part of the tunnel is. */
  readonly networkNamespace: string
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
  /**
   * Writes an entry, which outlives the process when this returns, and begins to bring it to disk.
   *
   * @returns waits until it outlives a power cut too; to be called in any case, and again until it does not throw JournalError
   * @throws JournalError when the slot is taken already, or nothing can be written
   */
  begin(entry: JournalEntry): () => void
  /** Writes an entry and returns once it is on disk. @throws JournalError when the slot is taken already */
  record(entry: JournalEntry): void
  /** Removes the entry of a slot; none there: nothing. */
  remove(slot: number): void
}

/**
 * Opens the journal of an instance. Entries that were never written to their end are removed: nothing had been done yet.
 *
 * @param directory made with mode 0700 when missing; must belong to the process's uid and be open to nobody else
 * @throws JournalError for a directory of another owner or mode, or an entry of another version
 */
export function openJournal(directory: string, settings: NetworkSettings): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  checkDirectory(directory)
  return new DirectoryJournal(directory, settings.instance)
}

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

  begin(entry: JournalEntry): () => void {
    const path = this.#path(entry.slot)
    const folder = openSync(this.directory, constants.O_RDONLY | constants.O_DIRECTORY)
    let file: number
    try {
      file = this.#write(entry, () => createFile(path, formatJournalEntry(entry)))
    } catch (error) {
      closeSync(folder)
      throw error
    }
    const waits = [file, folder].map(beginSync)
    return () => {
      try {
        for (let wait = waits.pop(); wait !== undefined; wait = waits.pop()) wait()
      } catch (error) {
        throw new JournalError(path, 'cannot be written', { cause: error })
      }
    }
  }

  record(entry: JournalEntry): void {
    this.#write(entry, (path) => {
      const file = createFile(path, formatJournalEntry(entry))
      try {
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      syncDirectory(this.directory)
    })
  }

  #write<Written>(entry: JournalEntry, write: (path: string) => Written): Written {
    const path = this.#path(entry.slot)
    let written: Written
    try {
      written = write(path)
    } catch (error) {
      if (isErrno(error, 'EEXIST'))
        throw new JournalError(path, 'the slot has an entry already', { cause: error })
      removeFile(path)
      throw new JournalError(path, 'cannot be written', { cause: error })
    }
    this.#entries.set(entry.slot, entry)
    return written
  }

  remove(slot: number): void {
    // Not synced: an entry that comes back after a power cut finds nothing to undo.
    removeFile(this.#path(slot))
    this.#entries.delete(slot)
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
      if (entry === undefined) removeFile(path)
      else if (entry.instance !== instance || String(entry.slot) !== slot) {
        throw new JournalError(path, 'does not belong to its name')
      } else entries.push(entry)
    }
    return entries
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
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    return parseJournalEntry(readFileSync(fd, 'utf8'))
  } catch (error) {
    throw new JournalError(path, 'cannot be read', { cause: error })
  } finally {
    closeSync(fd)
  }
}

/** @returns the descriptor of the new file, with the text in it */
function createFile(path: string, text: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const fd = openSync(path, flags, 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Brings a file or directory to disk while this thread goes on. @returns waits for the end, and closes the descriptor */
function beginSync(fd: number): () => void {
  const wait = syncInThread(fd)
  return () => {
    try {
      wait()
    } finally {
      closeSync(fd)
    }
  }
}

function syncDirectory(directory: string): void {
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
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

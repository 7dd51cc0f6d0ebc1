import { readlinkSync } from 'node:fs'
import { networkNamespaceCookie, Rtnetlink } from '@vpnext/native'
import { type Journal, type JournalEntry, readBootId } from './journal.ts'
import { namespaceLives } from './namespace-life.ts'
import { outlives, undoStep } from './steps/undo-step.ts'

/** Which run of the kernel and which network namespace the calling thread is in. */
export interface Place {
  readonly bootId: string
  readonly networkNamespace: string
  readonly networkNamespaceCookie: string
}

export function currentPlace(): Place {
  return {
    bootId: readBootId(),
    networkNamespace: readlinkSync('/proc/thread-self/ns/net'),
    networkNamespaceCookie: String(networkNamespaceCookie()),
  }
}

/** Entries of the same kernel and network namespace, other than that of `slot`. */
export function otherEntries(journal: Journal, slot: number, place: Place): JournalEntry[] {
  return journal.entries().filter((entry) => entry.slot !== slot && isAt(entry, place))
}

/** What undoing an entry came to. */
export interface UndoResult {
  /** What was still there, in the order it went. */
  readonly undone: readonly string[]
  readonly failures: readonly unknown[]
}

/**
 * Undoes an entry from its end and goes on after failures. Then the entry is removed, unless something failed.
 *
 * After a reboot, or in another network namespace, the network's part is gone or out of reach: only files are restored and, without a
 * reboot, programs of control groups removed. While that namespace exists the entry stays, for a repair in it.
 */
export async function undoEntry(entry: JournalEntry, journal: Journal): Promise<UndoResult> {
  const place = currentPlace()
  using netlink = Rtnetlink.open()
  const context = { netlink, others: otherEntries(journal, entry.slot, place) }
  const left = entry.bootId === place.bootId ? 'namespace' : 'kernel'
  const steps = isAt(entry, place) ? entry.undo : entry.undo.filter((step) => outlives(step, left))
  const undone: string[] = []
  const failures: unknown[] = []
  for (const step of steps.toReversed()) {
    try {
      const result = undoStep(step, context)
      // No turn of the event loop where none is needed: a small tunnel goes in one.
      const line = result instanceof Promise ? await result : result
      if (line !== undefined) undone.push(line)
    } catch (error) {
      failures.push(error)
    }
  }
  const { networkNamespace, networkNamespaceCookie: cookie } = entry
  if (left === 'namespace' && !isAt(entry, place) && namespaceLives(networkNamespace, cookie)) {
    const text = `the rest of it is in the network namespace ${networkNamespace}, which still exists: repair it there`
    failures.push(new Error(text))
  }
  if (failures.length === 0) journal.remove(entry.slot)
  return { undone, failures }
}

/** Whether an entry was made in this run of the kernel and this network namespace. */
export function isAt(entry: JournalEntry, place: Place): boolean {
  const { networkNamespaceCookie: cookie = place.networkNamespaceCookie } = entry
  return (
    entry.bootId === place.bootId &&
    entry.networkNamespace === place.networkNamespace &&
    cookie === place.networkNamespaceCookie
  )
}

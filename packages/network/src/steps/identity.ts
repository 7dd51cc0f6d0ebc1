import { selectorsOf } from '../identity/application-list.ts'
import { cgroupIdentity } from '../identity/cgroup-identity.ts'
import { closeSocketsOf } from '../identity/member-sockets.ts'
import type { IdentityData, IdentityUndo } from '../plan/step.ts'
import type { Undone } from './context.ts'

/** Marks the sockets that listed applications make from now on. */
export function applyIdentity(data: IdentityData): void {
  cgroupIdentity(data, data.root).apply(data.list)
}

/**
 * Stops that, and closes the sockets that have such a mark: the value will mean another list one day.
 */
export function undoIdentity(undo: IdentityUndo): Undone {
  const removed = cgroupIdentity(undo, undo.root).withdraw(undo.list.slot)
  const closed = closeSocketsOf({
    marks: new Set(selectorsOf(undo.list, undo).marks),
    identityMask: undo.identityMask,
    uids: new Set(),
    cgroups: new Set(),
  })
  return removed.length + closed === 0 ? undefined : `${removed.length} BPF programs, ${closed} sockets`
}

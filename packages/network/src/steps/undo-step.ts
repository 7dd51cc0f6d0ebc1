import type { Undo } from '../plan/step.ts'
import type { UndoContext, Undone } from './context.ts'
import { undoLink } from './device.ts'
import { undoDns, undoDnsRewrite } from './dns.ts'
import { undoGuard } from './guard.ts'
import { undoIdentity } from './identity.ts'
import { undoRoutes } from './routes.ts'
import { undoRules } from './rules.ts'
import { undoSockets } from './sockets.ts'
import { undoSysctl } from './sysctl.ts'

/** Takes one change back; idempotent. */
export function undoStep(undo: Undo, context: UndoContext): Undone | Promise<Undone> {
  switch (undo.kind) {
    case 'link':
      return undoLink(undo, context)
    case 'sysctl':
      return undoSysctl(undo, context)
    case 'routes':
      return undoRoutes(undo, context)
    case 'guard':
      return undoGuard(undo, context)
    case 'dns':
    case 'dns-link':
      return undoDns(undo, context)
    case 'dns-rewrite':
      return undoDnsRewrite(undo)
    case 'identity':
      return undoIdentity(undo)
    case 'sockets':
      return undoSockets(undo)
    case 'rules':
      return undoRules(undo, context)
    default:
      return undo satisfies never
  }
}

/** Whether the change outlives the network namespace it was made in, or even the run of the kernel. */
export function outlives(undo: Undo, what: 'namespace' | 'kernel'): boolean {
  switch (undo.kind) {
    case 'dns':
      return true
    // They belong to control groups.
    case 'dns-rewrite':
    case 'identity':
      return what === 'namespace'
    default:
      return false
  }
}

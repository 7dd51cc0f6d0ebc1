import { isSystemError, runNft } from '@vpnext/native'
import { addGuardText, removeGuardText } from '../guard/guard-text.ts'
import type { GuardTunnel } from '../guard/model.ts'
import type { GuardUndo } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'
import { inboundConnections } from './inbound.ts'

export function applyGuard(model: GuardTunnel, context: ApplyContext): void {
  runNft(addGuardText(model, guardedSlots(model.table, context), inboundConnections(model)))
}

/** Removes the tunnel's chains and sets, and the whole table with the last tunnel. */
export function undoGuard(undo: GuardUndo, context: UndoContext): Undone {
  if (!hasTable(undo.table)) return undefined
  runNft(removeGuardText(undo, guardedSlots(undo.table, context)))
  return `guard of slot ${undo.slot} in nft table inet ${undo.table}`
}

/** Whether the table is there. False too where nft is missing, since then nobody can have made it. */
export function hasTable(table: string): boolean {
  try {
    return runNft('list tables inet').split('\n').includes(`table inet ${table}`)
  } catch (error) {
    if (isSystemError(error, 'ENOSYS')) return false
    throw error
  }
}

function guardedSlots(table: string, { others }: UndoContext): number[] {
  return others
    .filter((entry) => entry.undo.some((step) => step.kind === 'guard' && step.table === table))
    .map(({ slot }) => slot)
}

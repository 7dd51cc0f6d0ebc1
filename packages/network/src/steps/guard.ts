import {
  beginNftCommands,
  encodeNft,
  type NftCommand,
  nftTableExists,
  runNftCommands,
  type TcpSocketList,
} from '@vpnext/native'
import { addGuard, removeGuard } from '../guard/guard-commands.ts'
import { pauseGuardWatches, unheard } from '../guard/watch-guard.ts'
import type { JournalEntry } from '../journal.ts'
import type { GuardTunnel } from '../guard/model.ts'
import type { GuardUndo, PlanStep } from '../plan/step.ts'
import type { ApplyContext, UndoContext, Undone } from './context.ts'
import { inboundConnections } from './inbound.ts'
import { isFewRoutes } from './routes.ts'

/** As many as are put in a message again as quickly as they are looked up. */
const FEW_COVERED = 64

/**
 * Begins with the guard ahead, where the plan has one, while addresses and table are made: nf_tables takes longer than all of that.
 * Not beside thousands of routes: covered traffic is refused from here on, until the rules lead it into the tunnel.
 */
export function prepareGuard(steps: readonly PlanStep[], context: ApplyContext): void {
  const guard = steps.find((step) => step.kind === 'guard')
  if (guard === undefined || steps.some((step) => step.kind === 'routes' && !isFewRoutes(step.apply))) return
  context.endGuardPause = pauseGuardWatches()
  const commands = commandsFor(guard.apply, context.others, context.tcpSockets)
  context.preparedGuard = beginNftCommands(commands, context.nft)
}

export function applyGuard(model: GuardTunnel, context: ApplyContext): void {
  if (context.preparedGuard === undefined) return writeGuard(model, context)
  context.preparedGuard.wait()
  context.endGuardPause?.()
}

/** Makes a tunnel's guard, or makes it anew. */
export function writeGuard(model: GuardTunnel, context: UndoContext): void {
  const commands = commandsFor(model, context.others)
  unheard(() => {
    runNftCommands(commands)
  })
}

/** What {@link prepareGuard} does before it changes anything, for whoever wants it done quickly soon. */
export function rehearseGuard(
  steps: readonly PlanStep[],
  others: readonly JournalEntry[],
  tcpSockets?: TcpSocketList,
): void {
  for (const step of steps) if (step.kind === 'guard') encodeNft(commandsFor(step.apply, others, tcpSockets))
}

function commandsFor(
  model: GuardTunnel,
  others: readonly JournalEntry[],
  tcpSockets?: TcpSocketList,
): readonly NftCommand[] {
  const slots = guardedSlots(model.table, others)
  const kept = inboundConnections(model, tcpSockets?.read)
  if (kept.length > 0 || model.covered4.length + model.covered6.length > FEW_COVERED)
    return addGuard(model, slots, kept)
  const beside = slots.join()
  if (last?.model !== model || last.beside !== beside)
    last = { model, beside, commands: addGuard(model, slots) }
  return last.commands
}

/** The same plan mostly comes twice, in the rehearsal and in earnest. The same commands are encoded once (`encodeNft`). */
let last:
  { readonly model: GuardTunnel; readonly beside: string; readonly commands: NftCommand[] } | undefined

/** Removes the tunnel's chains and sets, and the whole table with the last tunnel. */
export function undoGuard(undo: GuardUndo, context: UndoContext): Undone {
  if (!nftTableExists(undo.table)) return undefined
  unheard(() => {
    runNftCommands(removeGuard(undo, guardedSlots(undo.table, context.others)))
  })
  return `guard of slot ${undo.slot} in nft table inet ${undo.table}`
}

function guardedSlots(table: string, others: readonly JournalEntry[]): number[] {
  return others
    .filter((entry) => entry.undo.some((step) => step.kind === 'guard' && step.table === table))
    .map(({ slot }) => slot)
}

import { nftTableExists, Rtnetlink, type RtRequest, runNftCommands } from '@vpnext/native'
import { type ClosedTunnel, closeTunnel } from './closed-tunnel.ts'
import { removeGuard } from './guard/guard-commands.ts'
import { unheard } from './guard/watch-guard.ts'
import { sweepPrograms } from './identity/sweep-programs.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { describeRule } from './plan/describe-step.ts'
import { type NetworkSettings, priorityOf, prioritiesPerSlot, tableOf } from './settings.ts'
import { undoRoutes } from './steps/routes.ts'
import { currentPlace, isAt, undoEntry } from './undo-entry.ts'

/** What a repair found and did. */
export interface RepairReport {
  readonly tunnels: readonly RepairedTunnel[]
  /** Leftovers besides, by description. */
  readonly swept: readonly string[]
  /** Always-on tunnels that are closed and stay so. */
  readonly closed: readonly ClosedTunnel[]
}

export interface RepairOptions {
  /** Which always-on tunnels are not taken back but closed; none when absent. */
  readonly keepsClosed?: (entry: JournalEntry) => boolean
}

export interface RepairedTunnel {
  readonly slot: number
  readonly interfaceName: string
  /** What was still there and is gone now, in the order it went. */
  readonly undone: readonly string[]
  /** What could not be undone; the journal entry stays then. */
  readonly failed: readonly string[]
}

/**
 * Takes back every tunnel in the journal, the newest first, then what else is left of them in the kernel. For the start of
 * the service, when no tunnel of the instance is alive. Idempotent; touches nothing of another instance.
 * It takes several turns of the event loop: the thread must stay in its network namespace until it is done.
 *
 * @returns what was undone; failures are in it, not thrown
 * @throws SystemError when rtnetlink or nft do not answer at all
 */
export async function repair(
  journal: Journal,
  settings: NetworkSettings,
  { keepsClosed = () => false }: RepairOptions = {},
): Promise<RepairReport> {
  const tunnels: RepairedTunnel[] = []
  const place = currentPlace()
  const closed = closeAgain(journal, (entry) => isAt(entry, place) && keepsClosed(entry), tunnels)
  const kept = new Set([...closed, ...tunnels].map(({ slot }) => slot))
  // After a reboot another instance may have the slot: what is in the kernel now is not of this entry.
  const slots = journal
    .entries()
    .filter((entry) => isAt(entry, place) && !kept.has(entry.slot))
    .map((entry) => entry.slot)
  for (const entry of journal.entries().toReversed()) {
    if (kept.has(entry.slot)) continue
    const { undone, failures } = await undoEntry(entry, journal)
    tunnels.push({
      slot: entry.slot,
      interfaceName: entry.interfaceName,
      undone,
      failed: failures.map(String),
    })
  }
  const swept = kept.size > 0 ? [] : await sweep(slots, settings)
  return { tunnels, swept, closed }
}

/** Oldest first, so that the order of their guards is that of before. One that cannot be closed is told and stays. */
function closeAgain(
  journal: Journal,
  isWanted: (entry: JournalEntry) => boolean,
  told: RepairedTunnel[],
): ClosedTunnel[] {
  const closed: ClosedTunnel[] = []
  for (const entry of journal.entries()) {
    const { lockdown, slot, interfaceName } = entry
    if (lockdown === undefined || !isWanted(entry)) continue
    try {
      closed.push(closeTunnel(entry, lockdown, journal))
    } catch (error) {
      told.push({ slot, interfaceName, undone: [], failed: [`not closed again: ${String(error)}`] })
    }
  }
  return closed
}

async function sweep(slots: readonly number[], settings: NetworkSettings): Promise<string[]> {
  const swept: string[] = []
  using netlink = Rtnetlink.open()
  for (const slot of slots) {
    swept.push(...sweepRules(netlink, slot, settings))
    const routes = await undoRoutes(
      { kind: 'routes', slot, table: tableOf(settings, slot), protocol: settings.routeProtocol },
      { netlink, others: [] },
    )
    if (routes !== undefined) swept.push(routes)
  }
  swept.push(...sweepPrograms(settings))
  if (nftTableExists(settings.nftTable)) {
    unheard(() => {
      runNftCommands(removeGuard({ table: settings.nftTable, slot: 0, interfaceName: '' }, []))
    })
    swept.push(`nft table inet ${settings.nftTable}`)
  }
  return swept
}

function sweepRules(netlink: Rtnetlink, slot: number, settings: NetworkSettings): string[] {
  const first = priorityOf(settings, slot)
  const ours = netlink
    .rules()
    .filter(
      ({ protocol, priority, table }) =>
        protocol === settings.routeProtocol &&
        priority >= first &&
        priority < first + prioritiesPerSlot &&
        (table === tableOf(settings, slot) || table === undefined),
    )
  netlink.apply(ours.map((rule): RtRequest => ({ op: 'deleteRule', rule })))
  return ours.map((rule) => `rule ${describeRule(rule)}`)
}

import type { NftCommand } from '@vpnext/native'
import {
  baseChains,
  chainOf,
  interfaces,
  jumpTo,
  listOf,
  setsOf,
  tunnelHooks,
  tunnelParts,
} from './base-chains.ts'
import type { GuardOverlay, GuardTunnel, InboundConnection } from './model.ts'
import { tunnelChains } from './tunnel-chains.ts'

/**
 * Adds one tunnel's guard, or replaces it, as one nft transaction. Idempotent.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 * @param kept connections from outside that go on although their remote end is covered
 */
export function addGuard(
  model: GuardTunnel,
  others: readonly number[],
  kept: readonly InboundConnection[] = [],
): NftCommand[] {
  return [
    ...baseChains(model),
    ...tunnelChains(model, kept),
    ...listTunnels(model.table, [...others, model.slot]),
  ]
}

/** What is removed. */
export interface GuardRemoval {
  readonly table: string
  readonly slot: number
  readonly interfaceName: string
  /** What it has put into the sets of other tunnels. */
  readonly overlays?: readonly GuardOverlay[]
}

/**
 * Removes one tunnel's guard, as one nft transaction; with the last tunnel the table goes. Idempotent: what is missing is
 * added first, because nf_tables of before Linux 6.3 knows no other way to delete what may not be there.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 */
export function removeGuard(removal: GuardRemoval, others: readonly number[]): NftCommand[] {
  const { table, slot, interfaceName, overlays = [] } = removal
  if (others.length === 0) {
    return [
      { op: 'addTable', table },
      { op: 'deleteTable', table },
    ]
  }
  const chains = [...tunnelHooks, ...tunnelParts].map((hook) => chainOf(hook, slot))
  const elements = [interfaceName]
  return [
    { op: 'addTable', table },
    { op: 'addSet', table, set: interfaces },
    ...tunnelHooks.map((hook) => ({ op: 'addChain', table, chain: listOf(hook) }) as const),
    ...listTunnels(table, others),
    { op: 'addElements', table, set: interfaces, elements },
    { op: 'deleteElements', table, set: interfaces, elements },
    // All empty before the first is deleted: one may jump to another.
    ...chains.flatMap((chain): NftCommand[] => [
      { op: 'addChain', table, chain },
      { op: 'flushChain', table, chain },
    ]),
    ...chains.map((chain) => ({ op: 'deleteChain', table, chain }) as const),
    ...Object.values(setsOf(slot)).flatMap((set): NftCommand[] => [
      { op: 'addSet', table, set },
      { op: 'deleteSet', table, set },
    ]),
    ...overlays
      .filter((overlay) => others.includes(overlay.slot))
      .flatMap((each) => removeOverlay(table, each)),
  ]
}

function removeOverlay(table: string, { slot, mark }: GuardOverlay): NftCommand[] {
  const set = setsOf(slot).marks
  const elements = [`0x${mark.toString(16)}`]
  return [
    { op: 'addSet', table, set },
    { op: 'addElements', table, set, elements },
    { op: 'deleteElements', table, set, elements },
  ]
}

/** The jumps to all tunnels' chains, anew. A chain that somebody flushed away is made again, empty. */
function listTunnels(table: string, slots: readonly number[]): NftCommand[] {
  return tunnelHooks.flatMap((hook): NftCommand[] => [
    ...slots.map((slot) => ({ op: 'addChain', table, chain: chainOf(hook, slot) }) as const),
    { op: 'flushChain', table, chain: listOf(hook) },
    ...slots.map(
      (slot) => ({ op: 'addRule', table, chain: listOf(hook), rule: [jumpTo(chainOf(hook, slot))] }) as const,
    ),
  ])
}

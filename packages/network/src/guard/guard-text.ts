import { baseChains, chainOf, listOf, setsOf, tunnelHooks } from './base-chains.ts'
import type { GuardOverlay, GuardTunnel, InboundConnection } from './model.ts'
import { tunnelChains } from './tunnel-chains.ts'

/**
 * Adds one tunnel's guard, or replaces it, as one nft transaction. Idempotent.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 * @param kept connections from outside that go on although their remote end is covered
 * @returns commands for `nft -f`
 */
export function addGuardText(
  model: GuardTunnel,
  others: readonly number[],
  kept: readonly InboundConnection[] = [],
): string {
  return lines([
    ...baseChains(model),
    ...tunnelChains(model, kept),
    ...listTunnels(model.table, [...others, model.slot]),
  ])
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
 * added first, because nft of before 1.0.7 knows no other way to delete what may not be there.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 * @returns commands for `nft -f`
 */
export function removeGuardText(removal: GuardRemoval, others: readonly number[]): string {
  const { table, slot, interfaceName, overlays = [] } = removal
  if (others.length === 0) return lines([`add table inet ${table}`, `delete table inet ${table}`])
  const chains = [...tunnelHooks, 'covered' as const].map((hook) => chainOf(hook, slot))
  const sets = Object.values(setsOf(slot))
  return lines([
    `add table inet ${table}`,
    `add set inet ${table} interfaces { type ifname; }`,
    ...tunnelHooks.map((hook) => `add chain inet ${table} ${listOf(hook)}`),
    ...listTunnels(table, others),
    `add element inet ${table} interfaces { "${interfaceName}" }`,
    `delete element inet ${table} interfaces { "${interfaceName}" }`,
    // All empty before the first is deleted: one may jump to another.
    ...chains.flatMap((name) => [`add chain inet ${table} ${name}`, `flush chain inet ${table} ${name}`]),
    ...chains.map((name) => `delete chain inet ${table} ${name}`),
    ...sets.flatMap(({ name, type }) => [
      `add set inet ${table} ${name} { type ${type}; }`,
      `delete set inet ${table} ${name}`,
    ]),
    ...overlays
      .filter((overlay) => others.includes(overlay.slot))
      .flatMap((each) => removeOverlay(table, each)),
  ])
}

function removeOverlay(table: string, { slot, mark }: GuardOverlay): string[] {
  const { name, type } = setsOf(slot).marks
  const element = `inet ${table} ${name} { 0x${mark.toString(16)} }`
  return [
    `add set inet ${table} ${name} { type ${type}; }`,
    `add element ${element}`,
    `delete element ${element}`,
  ]
}

/** The jumps to all tunnels' chains, anew. A chain that somebody flushed away is made again, empty. */
function listTunnels(table: string, slots: readonly number[]): string[] {
  return tunnelHooks.flatMap((hook) => [
    ...slots.map((slot) => `add chain inet ${table} ${chainOf(hook, slot)}`),
    `flush chain inet ${table} ${listOf(hook)}`,
    ...slots.map((slot) => `add rule inet ${table} ${listOf(hook)} jump ${chainOf(hook, slot)}`),
  ])
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`
}

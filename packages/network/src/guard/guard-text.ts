import { baseChains, namesOf, tunnelLists } from './base-chains.ts'
import type { GuardTunnel } from './model.ts'
import { tunnelChains } from './tunnel-chains.ts'

/**
 * Adds one tunnel's guard, or replaces it, as one nft transaction. Idempotent.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 * @returns commands for `nft -f`
 */
export function addGuardText(model: GuardTunnel, others: readonly number[]): string {
  return lines([
    ...baseChains(model),
    ...tunnelChains(model),
    ...listTunnels(model.table, [...others, model.slot]),
  ])
}

/** What is removed. */
export interface GuardRemoval {
  readonly table: string
  readonly slot: number
  readonly interfaceName: string
}

/**
 * Removes one tunnel's guard, as one nft transaction; with the last tunnel the table goes. Idempotent: what is missing is
 * added first, because nft of before 1.0.7 knows no other way to delete what may not be there.
 *
 * @param others slots of the other tunnels that have a guard in the same table
 * @returns commands for `nft -f`
 */
export function removeGuardText(removal: GuardRemoval, others: readonly number[]): string {
  const { table, slot, interfaceName } = removal
  if (others.length === 0) return lines([`add table inet ${table}`, `delete table inet ${table}`])
  const names = namesOf(slot)
  const chains = [names.early, names.output, names.covered]
  const sets = [
    [names.own4, 'ipv4_addr'],
    [names.own6, 'ipv6_addr'],
    [names.covered4, 'ipv4_addr; flags interval'],
    [names.covered6, 'ipv6_addr; flags interval'],
  ] as const
  return lines([
    `add table inet ${table}`,
    `add set inet ${table} interfaces { type ifname; }`,
    ...tunnelLists.map((list) => `add chain inet ${table} ${list}`),
    ...listTunnels(table, others),
    `add element inet ${table} interfaces { "${interfaceName}" }`,
    `delete element inet ${table} interfaces { "${interfaceName}" }`,
    ...chains.flatMap((name) => [`add chain inet ${table} ${name}`, `flush chain inet ${table} ${name}`]),
    ...chains.map((name) => `delete chain inet ${table} ${name}`),
    ...sets.flatMap(([name, type]) => [
      `add set inet ${table} ${name} { type ${type}; }`,
      `delete set inet ${table} ${name}`,
    ]),
  ])
}

/** The jumps to all tunnels' chains, anew. A chain that somebody flushed away is made again, empty. */
function listTunnels(table: string, slots: readonly number[]): string[] {
  return [
    ...slots.flatMap((slot) => [
      `add chain inet ${table} ${namesOf(slot).early}`,
      `add chain inet ${table} ${namesOf(slot).output}`,
    ]),
    ...tunnelLists.map((list) => `flush chain inet ${table} ${list}`),
    ...slots.flatMap((slot) => [
      `add rule inet ${table} tunnels_early jump ${namesOf(slot).early}`,
      `add rule inet ${table} tunnels_output jump ${namesOf(slot).output}`,
    ]),
  ]
}

function lines(commands: readonly string[]): string {
  return `${commands.join('\n')}\n`
}

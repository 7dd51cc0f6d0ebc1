import type { NftCommand, NftHook, NftKeyType, NftSet, NftStatement } from '@vpnext/native'
import type { GuardTunnel } from './model.ts'

/** Where tunnels have rules of their own: the base chain of this name jumps to the chain of each tunnel. */
export const tunnelHooks = ['early', 'arrive', 'reroute', 'output'] as const

/** The regular chain with one jump per tunnel. */
export function listOf(hook: (typeof tunnelHooks)[number]): string {
  return `tunnels_${hook}`
}

/** Chains that the rules of a tunnel jump to. */
export const tunnelParts = ['errors', 'covered'] as const

/** A tunnel's chain for a hook, or a part of one. */
export function chainOf(hook: (typeof tunnelHooks | typeof tunnelParts)[number], slot: number): string {
  return `${hook}_${slot}`
}

/** A tunnel's sets, by name. */
export function setsOf(slot: number): Readonly<Record<SetName, NftSet>> {
  const set = (name: SetName, type: NftKeyType): NftSet => ({ name: `${name}_${slot}`, type })
  return {
    own4: set('own4', 'ipv4_addr'),
    own6: set('own6', 'ipv6_addr'),
    covered4: { ...set('covered4', 'ipv4_addr'), interval: true },
    covered6: { ...set('covered6', 'ipv6_addr'), interval: true },
    kept4: set('kept4', 'ipv4_addr . inet_service . inet_service'),
    kept6: set('kept6', 'ipv6_addr . inet_service . inet_service'),
    ends4: set('ends4', 'ipv4_addr . inet_proto . inet_service'),
    ends6: set('ends6', 'ipv6_addr . inet_proto . inet_service'),
    marks: set('marks', 'mark'),
    uids: set('uids', 'uid'),
  }
}

type SetName =
  'own4' | 'own6' | 'covered4' | 'covered6' | 'kept4' | 'kept6' | 'ends4' | 'ends6' | 'marks' | 'uids'

/** The devices of all tunnels. */
export const interfaces: NftSet = { name: 'interfaces', type: 'ifname' }

/** What the shared part depends on. */
export type BaseModel = Pick<GuardTunnel, 'table' | 'protectMark'>

/**
 * The part of the table that all tunnels share. Base chains are added, never recreated: their rules are replaced inside one
 * transaction, so no packet passes in between (a recreated chain let 143 packets out in 200 reloads).
 *
 * - `early`, before conntrack and routing: strangers do not reach the tunnel's address (CVE-2019-14899).
 * - `arrive`, before routing: connections from outside, and answers to protected packets, belong to the uplink. Their mark
 *   makes the kernel's source check (rp_filter) look at the main table.
 * - `reroute`: answers to connections from outside leave the way they came.
 * - `output`: see `tunnelChains`.
 * - `leave`: protected connections are remembered.
 */
export function baseChains(model: BaseModel): readonly NftCommand[] {
  const { table, protectMark } = model
  if (made?.table !== table || made.protectMark !== protectMark) {
    made = { table, protectMark, commands: makeBaseChains(model) }
  }
  return made.commands
}

/** Those of the last call: a service has one table. */
let made: (BaseModel & { readonly commands: readonly NftCommand[] }) | undefined

function makeBaseChains({ table, protectMark: bits }: BaseModel): NftCommand[] {
  const remembered: NftStatement = { kind: 'marked', of: 'ct', bits }
  const remember: NftStatement = { kind: 'mark', of: 'ct', bits }
  const protect: NftStatement = { kind: 'mark', of: 'meta', bits }
  const begunOutside: NftStatement[] = [
    { kind: 'connection', state: 'new' },
    { kind: 'ownAddress', field: 'daddr', own: true },
  ]
  const reply: NftStatement = { kind: 'direction', direction: 'reply' }
  return [
    { op: 'addTable', table },
    { op: 'addSet', table, set: interfaces },
    ...tunnelHooks.map((hook) => ({ op: 'addChain', table, chain: listOf(hook) }) as const),
    ...chain(table, 'refuse', [
      [{ kind: 'tcp' }, { kind: 'reject', with: 'tcp reset' }],
      [{ kind: 'reject', with: 'icmpx type admin-prohibited' }],
    ]),
    ...chain(table, 'early', [[jumpTo(listOf('early'))]], {
      type: 'filter',
      hook: 'prerouting',
      priority: -300,
    }),
    ...chain(
      table,
      'arrive',
      [
        [{ kind: 'interface', side: 'iifname', name: 'lo' }, { kind: 'return' }],
        [{ kind: 'interfaceIn', side: 'iifname', set: interfaces.name }, { kind: 'return' }],
        // Conntrack may meet a connection of ours in its middle and take the answer for the beginning. So only what cannot
        // be an answer counts: a SYN, a datagram to a port that is no client's, an echo request.
        [...begunOutside, { kind: 'tcpSyn' }, remember],
        [...begunOutside, { kind: 'udpBelow', port: 1024 }, remember],
        [...begunOutside, { kind: 'icmp', type: 'echo-request' }, remember],
        [...begunOutside, { kind: 'icmpv6', types: ['echo-request'] }, remember],
        [jumpTo(listOf('arrive'))],
        [remembered, protect],
      ],
      { type: 'filter', hook: 'prerouting', priority: -150 },
    ),
    ...chain(table, 'reroute', [[jumpTo(listOf('reroute'))], [reply, remembered, protect]], {
      type: 'route',
      hook: 'output',
      priority: -150,
    }),
    ...chain(
      table,
      'output',
      [
        [{ kind: 'interface', side: 'oifname', name: 'lo' }, { kind: 'accept' }],
        // In this hook a rerouted packet still has the interface of before (struct nf_hook_state), so these come first.
        [reply, remembered, { kind: 'accept' }],
        [jumpTo(listOf('output'))],
      ],
      { type: 'filter', hook: 'output', priority: 10 },
    ),
    ...chain(
      table,
      'leave',
      [[{ kind: 'marked', of: 'meta', bits }, { kind: 'direction', direction: 'original' }, remember]],
      { type: 'filter', hook: 'postrouting', priority: -150 },
    ),
  ]
}

/** A chain with these rules and no others. */
export function chain(
  table: string,
  name: string,
  rules: readonly (readonly NftStatement[])[],
  base?: NftHook,
): NftCommand[] {
  return [
    base === undefined
      ? { op: 'addChain', table, chain: name }
      : { op: 'addChain', table, chain: name, base },
    { op: 'flushChain', table, chain: name },
    ...rules.map((rule) => ({ op: 'addRule', table, chain: name, rule }) as const),
  ]
}

export function jumpTo(name: string): NftStatement {
  return { kind: 'jump', chain: name }
}

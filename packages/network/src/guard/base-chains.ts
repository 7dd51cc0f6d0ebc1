import type { GuardTunnel } from './model.ts'

/** Where tunnels have rules of their own: the base chain of this name jumps to the chain of each tunnel. */
export const tunnelHooks = ['early', 'arrive', 'reroute', 'output'] as const

/** The regular chain with one jump per tunnel. */
export function listOf(hook: (typeof tunnelHooks)[number]): string {
  return `tunnels_${hook}`
}

/** A tunnel's chain for a hook. */
export function chainOf(hook: (typeof tunnelHooks)[number] | 'covered', slot: number): string {
  return `${hook}_${slot}`
}

/** A tunnel's sets, by name. */
export function setsOf(
  slot: number,
): Readonly<Record<SetName, { readonly name: string; readonly type: string }>> {
  const set = (name: SetName, type: string): { readonly name: string; readonly type: string } => ({
    name: `${name}_${slot}`,
    type,
  })
  return {
    own4: set('own4', 'ipv4_addr'),
    own6: set('own6', 'ipv6_addr'),
    covered4: set('covered4', 'ipv4_addr; flags interval'),
    covered6: set('covered6', 'ipv6_addr; flags interval'),
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
export function baseChains({ table, protectMark }: BaseModel): string[] {
  const bit = `0x${protectMark.toString(16)}`
  const remembered = `ct mark & ${bit} == ${bit}`
  const remember = `ct mark set ct mark | ${bit}`
  const base = (name: string, type: string, hook: string, priority: number, rules: string[]): string[] => [
    `add chain inet ${table} ${name} { type ${type} hook ${hook} priority ${priority}; policy accept; }`,
    `flush chain inet ${table} ${name}`,
    ...rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
  ]
  const begunOutside = 'ct state new fib daddr type local'
  return [
    `add table inet ${table}`,
    `add set inet ${table} interfaces { type ifname; }`,
    ...tunnelHooks.map((hook) => `add chain inet ${table} ${listOf(hook)}`),
    `add chain inet ${table} refuse`,
    `flush chain inet ${table} refuse`,
    `add rule inet ${table} refuse meta l4proto tcp reject with tcp reset`,
    `add rule inet ${table} refuse reject with icmpx type admin-prohibited`,
    ...base('early', 'filter', 'prerouting', -300, ['jump tunnels_early']),
    ...base('arrive', 'filter', 'prerouting', -150, [
      'iifname "lo" return',
      'iifname @interfaces return',
      // Conntrack may meet a connection of ours in its middle and take the answer for the beginning. So only what cannot
      // be an answer counts: a SYN, a datagram to a port that is no client's, an echo request.
      `${begunOutside} tcp flags & (fin | syn | rst | ack) == syn ${remember}`,
      `${begunOutside} udp dport < 1024 ${remember}`,
      `${begunOutside} icmp type echo-request ${remember}`,
      `${begunOutside} icmpv6 type echo-request ${remember}`,
      'jump tunnels_arrive',
      `${remembered} meta mark set meta mark | ${bit}`,
    ]),
    ...base('reroute', 'route', 'output', -150, [
      'jump tunnels_reroute',
      `ct direction reply ${remembered} meta mark set meta mark | ${bit}`,
    ]),
    ...base('output', 'filter', 'output', 10, [
      'oifname "lo" accept',
      // In this hook a rerouted packet still has the interface of before (struct nf_hook_state), so these come first.
      `ct direction reply ${remembered} accept`,
      'jump tunnels_output',
    ]),
    ...base('leave', 'filter', 'postrouting', -150, [
      `meta mark & ${bit} == ${bit} ct direction original ${remember}`,
    ]),
  ]
}

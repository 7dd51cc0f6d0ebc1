import type { GuardTunnel } from './model.ts'

/** Regular chains that list the tunnels: base chains jump here, one jump per tunnel. */
export const tunnelLists = ['tunnels_early', 'tunnels_output'] as const

/** Names of one tunnel's chains and sets. */
export function namesOf(slot: number): {
  readonly early: string
  readonly output: string
  readonly covered: string
  readonly own4: string
  readonly own6: string
  readonly covered4: string
  readonly covered6: string
} {
  return {
    early: `early_${slot}`,
    output: `output_${slot}`,
    covered: `covered_${slot}`,
    own4: `own4_${slot}`,
    own6: `own6_${slot}`,
    covered4: `covered4_${slot}`,
    covered6: `covered6_${slot}`,
  }
}

/**
 * The part of the table that all tunnels share. Base chains are added, never recreated: their rules are replaced inside one
 * transaction, so no packet passes in between (a recreated chain let 143 of 200 reloads leak).
 *
 * - `early`, before routing and conntrack: strangers do not reach the tunnel's address (CVE-2019-14899).
 * - `arrive`, before routing: connections from outside, and answers to protected packets, belong to the uplink. Their mark
 *   makes the kernel's source check look at the main table.
 * - `reroute`: answers to connections from outside leave the way they came.
 * - `output`: see `tunnelChains`.
 * - `leave`: protected connections are remembered.
 */
export function baseChains({ table, protectMark, ephemeralPorts }: BaseModel): string[] {
  const bit = `0x${protectMark.toString(16)}`
  const isProtected = `meta mark & ${bit} == ${bit}`
  const remembered = `ct mark & ${bit} == ${bit}`
  const remember = `ct mark set ct mark | ${bit}`
  const base = (name: string, type: string, hook: string, priority: number): string[] => [
    `add chain inet ${table} ${name} { type ${type} hook ${hook} priority ${priority}; policy accept; }`,
    `flush chain inet ${table} ${name}`,
  ]
  const rule = (chain: string, text: string): string => `add rule inet ${table} ${chain} ${text}`
  return [
    `add table inet ${table}`,
    `add set inet ${table} interfaces { type ifname; }`,
    ...[...tunnelLists, 'refuse'].map((name) => `add chain inet ${table} ${name}`),
    `flush chain inet ${table} refuse`,
    rule('refuse', 'meta l4proto tcp reject with tcp reset'),
    rule('refuse', 'reject with icmpx type admin-prohibited'),
    ...base('early', 'filter', 'prerouting', -300),
    rule('early', 'jump tunnels_early'),
    ...base('arrive', 'filter', 'prerouting', -150),
    rule('arrive', 'iifname "lo" return'),
    rule('arrive', 'iifname @interfaces return'),
    // A connection that conntrack meets in the middle was not begun by the other side: no SYN, or a port that programs
    // are given for their own connections.
    rule(
      'arrive',
      `ct state new fib daddr type local tcp flags & (fin | syn | rst | ack) == syn ${remember}`,
    ),
    rule(
      'arrive',
      `ct state new fib daddr type local udp dport != ${ephemeralPorts.first}-${ephemeralPorts.last} ${remember}`,
    ),
    rule('arrive', `ct state new fib daddr type local icmp type echo-request ${remember}`),
    rule('arrive', `ct state new fib daddr type local icmpv6 type echo-request ${remember}`),
    rule('arrive', `${remembered} meta mark set meta mark | ${bit}`),
    ...base('reroute', 'route', 'output', -150),
    rule('reroute', `ct direction reply ${remembered} meta mark set meta mark | ${bit}`),
    ...base('output', 'filter', 'output', 10),
    rule('output', 'oifname "lo" accept'),
    rule('output', 'jump tunnels_output'),
    ...base('leave', 'filter', 'postrouting', -150),
    rule('leave', `${isProtected} ct direction original ${remember}`),
  ]
}

/** What the shared part depends on. */
export type BaseModel = Pick<GuardTunnel, 'table' | 'protectMark' | 'ephemeralPorts'>

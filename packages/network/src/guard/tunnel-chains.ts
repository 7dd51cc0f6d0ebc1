import { namesOf } from './base-chains.ts'
import type { GuardTunnel } from './model.ts'

/**
 * One tunnel's chains and sets, empty or not there before. Order matters:
 *
 * 1. Into the tunnel: never a protected packet (a loop), only the tunnel's own addresses as source, only its user.
 * 2. The tunnel's addresses as source: nowhere else.
 * 3. Allowed outside: protected packets of the host, answers to connections from outside, DHCP, neighbour discovery.
 * 4. Everything else to a covered destination is refused: that is what SO_BINDTODEVICE and a lost route come to.
 */
export function tunnelChains(model: GuardTunnel): string[] {
  const { table, slot } = model
  const names = namesOf(slot)
  return [
    ...set(table, names.own4, 'ipv4_addr', model.own4),
    ...set(table, names.own6, 'ipv6_addr', model.own6),
    ...set(table, names.covered4, 'ipv4_addr; flags interval', model.covered4),
    ...set(table, names.covered6, 'ipv6_addr; flags interval', model.covered6),
    `add element inet ${table} interfaces { "${model.interfaceName}" }`,
    ...chain(table, names.early, earlyRules(model)),
    ...chain(table, names.covered, coveredRules(model)),
    ...chain(table, names.output, outputRules(model)),
  ]
}

function earlyRules({ slot, interfaceName }: GuardTunnel): string[] {
  const { own4, own6 } = namesOf(slot)
  return [
    'iifname "lo" return',
    `iifname "${interfaceName}" return`,
    `ip daddr @${own4} fib saddr type != local drop`,
    `ip6 daddr @${own6} fib saddr type != local drop`,
  ]
}

function outputRules(model: GuardTunnel): string[] {
  const { slot, interfaceName, uid } = model
  const { own4, own6, covered } = namesOf(slot)
  const into = `oifname "${interfaceName}"`
  const user = uid === undefined ? '' : `meta skuid ${uid} `
  // A socket that its program has closed has no uid any more, but may have data to send. Nobody else gets a connection
  // into this state, because its first packet is dropped.
  const closed = uid === undefined ? [] : [`${into} ct state established`]
  return [
    `${into} ${protectedPacket(model)} drop`,
    ...[`${into} ${user}`.trimEnd(), ...closed].flatMap((match) => [
      `${match} ip saddr @${own4} accept`,
      `${match} ip6 saddr @${own6} accept`,
    ]),
    `${into} drop`,
    `ip saddr @${own4} drop`,
    `ip6 saddr @${own6} drop`,
    `${user}jump ${covered}`,
  ]
}

function coveredRules(model: GuardTunnel): string[] {
  const { covered4, covered6 } = namesOf(model.slot)
  const bit = hexadecimal(model.protectMark)
  const host = model.hostUid === undefined ? '' : ` meta skuid ${model.hostUid}`
  return [
    `${protectedPacket(model)}${host} return`,
    // Answers to the outside, and what a closed socket of the host has still to send: no uid, but a known connection.
    `${protectedPacket(model)} ct mark & ${bit} == ${bit} ct state established return`,
    ...(model.uid === undefined ? systemTraffic : []),
    `ip daddr @${covered4} jump refuse`,
    `ip6 daddr @${covered6} jump refuse`,
  ]
}

/** Without these the uplink loses its address or its neighbours. */
const systemTraffic: readonly string[] = [
  'udp sport 68 udp dport 67 return',
  'udp sport 546 udp dport 547 return',
  'icmpv6 type nd-router-solicit ip6 hoplimit 255 return',
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 return',
]

function protectedPacket({ protectMark }: GuardTunnel): string {
  const bit = hexadecimal(protectMark)
  return `meta mark & ${bit} == ${bit}`
}

function hexadecimal(mark: number): string {
  return `0x${mark.toString(16)}`
}

function set(table: string, name: string, type: string, elements: readonly string[]): string[] {
  return [
    `add set inet ${table} ${name} { type ${type}; }`,
    `flush set inet ${table} ${name}`,
    ...(elements.length === 0 ? [] : [`add element inet ${table} ${name} { ${elements.join(', ')} }`]),
  ]
}

function chain(table: string, name: string, rules: readonly string[]): string[] {
  return [
    `add chain inet ${table} ${name}`,
    `flush chain inet ${table} ${name}`,
    ...rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
  ]
}

import { parseAddress, parsePrefix, prefixContains } from '@vpnext/ip'
import type { NumberRange, RtRule } from '@vpnext/native'
import type { PacketQuestion } from './packet.ts'

/** What a rule asks of a packet, by the words of `ip rule`. */
export type Selector =
  'iif' | 'oif' | 'fwmark' | 'l3mdev' | 'uidrange' | 'from' | 'to' | 'ipproto' | 'sport' | 'dport'

/** Made on this machine: the loopback device counts as where it came from. include/net/flow.h, LOOPBACK_IFINDEX */
const OWN_PACKETS = 'lo'

/**
 * The first thing of a rule that a packet of this machine does not meet, as fib_rule_match() looks at it
 * (net/core/fib_rules.c).
 *
 * @param nameOf interface names by index
 * @returns undefined when it meets all
 */
export function firstMismatch(
  rule: RtRule,
  packet: PacketQuestion,
  nameOf: ReadonlyMap<number, string>,
): Selector | undefined {
  const oif = packet.oif === undefined ? undefined : nameOf.get(packet.oif)
  const difference = (packet.mark ^ (rule.mark ?? 0)) >>> 0
  if (rule.iif !== undefined && rule.iif !== OWN_PACKETS) return 'iif'
  if (rule.oif !== undefined && rule.oif !== oif) return 'oif'
  if (rule.mark !== undefined && (difference & (rule.mask ?? 0xffff_ffff)) !== 0) return 'fwmark'
  // Only packets that are in a VRF already, which no socket is without being bound to it.
  if (rule.l3mdev === true) return 'l3mdev'
  if (rule.uidRange !== undefined && !isWithin(packet.uid, rule.uidRange)) return 'uidrange'
  if (rule.from !== undefined && !isFrom(rule.from, packet)) return 'from'
  if (rule.to !== undefined && !contains(rule.to, packet.destination)) return 'to'
  if (rule.ipProto !== undefined && rule.ipProto !== packet.ipProto) return 'ipproto'
  if (rule.sport !== undefined && !isWithin(packet.sport ?? 0, rule.sport)) return 'sport'
  if (rule.dport !== undefined && !isWithin(packet.dport ?? 0, rule.dport)) return 'dport'
  return undefined
}

/** While the source is not chosen it is 0.0.0.0 to IPv4 rules, and in no prefix of IPv6 rules (fib6_rule_match). */
function isFrom(prefix: string, { source = '0.0.0.0' }: PacketQuestion): boolean {
  return contains(prefix, source)
}

function contains(prefix: string, address: string): boolean {
  const net = parsePrefix(prefix)
  const point = parseAddress(address)
  return net !== undefined && point !== undefined && prefixContains(net, point)
}

function isWithin(value: number, range: number | NumberRange): boolean {
  return typeof range === 'number' ? value === range : value >= range.from && value <= range.to
}

import type { PassedRule } from '@vpnext/network'
import type { RtRoute, RtRule } from '@vpnext/native'

/** Tables that have names, rtnetlink(7). */
const tableNames: Readonly<Record<number, string>> = { 255: 'local', 254: 'main', 253: 'default' }

export function tableName(table: number): string {
  const name = tableNames[table]
  return name === undefined ? `table ${table}` : `table ${name}`
}

/** A rule as `ip rule` writes it, without its preference. */
export function ruleWords(rule: RtRule): string {
  const words = [rule.invert === true ? 'not' : '', `from ${rule.from ?? 'all'}`]
  if (rule.to !== undefined) words.push(`to ${rule.to}`)
  if (rule.mask !== undefined) words.push(`fwmark ${hexadecimal(rule.mark)}/${hexadecimal(rule.mask)}`)
  if (rule.iif !== undefined) words.push(`iif ${rule.iif}`)
  if (rule.oif !== undefined) words.push(`oif ${rule.oif}`)
  if (rule.uidRange !== undefined) words.push(`uidrange ${rule.uidRange.from}-${rule.uidRange.to}`)
  if (rule.ipProto !== undefined) words.push(`ipproto ${rule.ipProto}`)
  if (rule.sport !== undefined) words.push(`sport ${portWords(rule.sport)}`)
  if (rule.dport !== undefined) words.push(`dport ${portWords(rule.dport)}`)
  if (rule.action === 'lookup') words.push(`lookup ${rule.table ?? 0}`)
  else words.push(rule.action === 'goto' ? `goto ${rule.target ?? 0}` : rule.action)
  if (rule.suppressPrefixLength !== undefined)
    words.push(`suppress_prefixlength ${rule.suppressPrefixLength}`)
  return words.filter((word) => word !== '').join(' ')
}

/** A route as `ip route` writes it, without its table. */
export function routeWords(route: RtRoute, nameOf: ReadonlyMap<number, string>): string {
  const words = [route.type === 'unicast' ? '' : route.type, route.destination]
  const hops = route.nextHops ?? [route]
  for (const { index, gateway } of hops) {
    if (gateway !== undefined) words.push(`via ${gateway}`)
    if (index !== undefined && route.type === 'unicast') words.push(`dev ${nameOf.get(index) ?? index}`)
  }
  if (route.metric !== 0) words.push(`metric ${route.metric}`)
  return words.filter((word) => word !== '').join(' ')
}

const reasons: Readonly<Record<PassedRule['why'], string>> = {
  iif: 'is for packets from elsewhere',
  oif: 'is for sockets bound to an interface',
  fwmark: 'is for other marks',
  l3mdev: 'is for VRFs',
  uidrange: 'is for other users',
  from: 'is for other source addresses',
  to: 'is for other destinations',
  ipproto: 'is for another protocol',
  sport: 'is for other source ports',
  dport: 'is for other ports',
  not: 'is for everything else',
  throw: 'leads to a route that hands it on (excluded from the tunnel)',
  suppressed: 'leads to a route that is too wide to count',
  nothing: 'leads to no route',
}

/** Why a rule did not decide. */
export function passedWords({ rule, why }: PassedRule): string {
  return `rule ${rule.priority} (${ruleWords(rule)}) ${reasons[why]}`
}

function portWords(port: NonNullable<RtRule['dport']>): string {
  if (typeof port === 'number') return String(port)
  return port.from === port.to ? String(port.from) : `${port.from}-${port.to}`
}

function hexadecimal(value = 0): string {
  return `0x${value.toString(16)}`
}

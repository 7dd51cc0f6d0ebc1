import { readFileSync } from 'node:fs'
import type { Namespace } from '@vpnext/lab'
import { type RtRoute, type RtRule, listNftText } from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { KernelView } from './report.ts'

/** Reads back from the kernel what belongs to vpnext in a namespace, and the resolver's file. */
export function readKernelView(
  namespace: Namespace,
  settings: NetworkSettings,
  interfaceNames: readonly string[],
): KernelView {
  using netlink = namespace.rtnetlink()
  const links = netlink.links()
  const nameOf = new Map(links.map((link) => [link.index, link.name]))
  const own = links.filter((link) => interfaceNames.includes(link.name))
  const indexes = new Set(own.map((link) => link.index))
  return {
    interfaces: own.map(
      (link) => `${link.name}  ${link.kind ?? 'link'}, MTU ${link.mtu}, ${isUp(link.flags) ? 'up' : 'down'}`,
    ),
    addresses: netlink
      .addresses()
      .filter((address) => indexes.has(address.index))
      .map((address) => `${address.address}/${address.prefixLength} on ${nameOf.get(address.index)}`),
    rules: netlink
      .rules()
      .filter((rule) => rule.protocol === settings.routeProtocol)
      .map(ruleText),
    routes: netlink
      .routes()
      .filter((route) => route.protocol === settings.routeProtocol)
      .map((route) => routeText(route, nameOf)),
    guard: namespace
      .run(() => listNftText())
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== ''),
    resolvConf: readFileSync(settings.resolvConf, 'utf8').trimEnd().split('\n'),
  }
}

/** IFF_UP, include/uapi/linux/if.h */
function isUp(flags: number): boolean {
  return (flags & 1) !== 0
}

function ruleText(rule: RtRule): string {
  const parts = [`${rule.priority}: IPv${rule.family}`]
  if (rule.iif !== undefined) parts.push(`made here (iif ${rule.iif})`)
  if (rule.uidRange !== undefined) parts.push(`uid ${rule.uidRange.from}-${rule.uidRange.to}`)
  if (rule.mask !== undefined) parts.push(`mark ${hexadecimal(rule.mark ?? 0)}/${hexadecimal(rule.mask)}`)
  parts.push(rule.action === 'lookup' ? `→ table ${rule.table}` : `→ ${rule.action}`)
  return parts.join(' ')
}

function routeText(route: RtRoute, nameOf: ReadonlyMap<number, string>): string {
  const where = route.type === 'unicast' ? `dev ${nameOf.get(route.index ?? 0)}` : route.type
  const metric = route.metric === undefined ? '' : `, metric ${route.metric}`
  return `table ${route.table}: ${route.destination} → ${where}${metric}`
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16)}`
}

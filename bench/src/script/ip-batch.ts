import type { RtAddress, RtRoute, RtRule } from '@vpnext/native'

/**
 * Lines for `ip -batch` that make what the kernel has. One line, one object, in the words of ip-route(8), ip-rule(8) and
 * ip-address(8); every attribute is said, so that nothing depends on iproute2's defaults.
 */
export function addressLine(address: RtAddress, device: string): string {
  const flags = [
    address.noPrefixRoute ? ' noprefixroute' : '',
    // ip(8) warns of it at an IPv4 address.
    address.family === 6 && (address.flags & IFA_F_NODAD) !== 0 ? ' nodad' : '',
  ]
  return `addr add ${address.address}/${address.prefixLength} dev ${device}${flags.join('')}`
}

const IFA_F_NODAD = 2

export function routeLine(route: RtRoute, device: string): string {
  const kind = route.type === 'unicast' ? '' : `${route.type} `
  const where = route.type === 'unicast' ? ` dev ${device}` : ''
  const scope = route.family === 4 && route.type === 'unicast' ? ` scope ${route.scope}` : ''
  const metric = ` metric ${route.metric}`
  return `route add ${kind}${route.destination}${where} table ${route.table} protocol ${route.protocol}${scope}${metric}`
}

/** IPv6 rules need `ip -6 -batch`. */
export function ruleLine(rule: RtRule, verb: 'add' | 'del'): string {
  const parts = ['rule', verb, `pref ${rule.priority}`]
  if (rule.iif !== undefined) parts.push(`iif ${rule.iif}`)
  if (rule.mask !== undefined) parts.push(`fwmark ${rule.mark ?? 0}/${rule.mask}`)
  if (rule.uidRange !== undefined) parts.push(`uidrange ${rule.uidRange.from}-${rule.uidRange.to}`)
  parts.push(rule.action === 'lookup' ? `lookup ${rule.table}` : rule.action)
  if (rule.protocol !== undefined) parts.push(`protocol ${rule.protocol}`)
  return parts.join(' ')
}

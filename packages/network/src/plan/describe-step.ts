import type { RtRule } from '@vpnext/native'
import type { UndescribedStep } from './step.ts'

/** One line for people. */
export function describeStep(step: UndescribedStep): string {
  switch (step.kind) {
    case 'tun':
      return `make TUN device ${step.apply.interfaceName}`
    case 'sysctl':
      return `set ${step.apply.name} to ${step.apply.value}`
    case 'interface':
      return `set MTU ${step.apply.mtu}${step.apply.addressGenerationNone ? ' and no IPv6 link-local address' : ''}`
    case 'addresses': {
      const all = step.apply.addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`)
      return `add ${count(all.length, 'address', 'addresses')}: ${some(all)}`
    }
    case 'link-up':
      return 'bring the device up'
    case 'routes':
      return describeRoutes(step.apply)
    case 'guard':
      return `add the guard to nft table inet ${step.apply.table}: covered traffic leaves through ${step.apply.interfaceName} or not at all`
    case 'dns':
      return `write ${step.apply.path}: ${some([...step.apply.servers, ...step.apply.searchDomains])}`
    case 'sockets':
      return step.apply.at === 'create'
        ? 'close sockets of covered destinations that have another source address'
        : 'when the tunnel goes: close sockets that have its source address'
    case 'rules':
      return `add ${count(step.apply.rules.length, 'rule', 'rules')}: ${step.apply.rules.map(describeRule).join('; ')}`
    default:
      return step satisfies never
  }
}

function describeRoutes({
  table,
  tunnel,
  excluded,
  refused,
}: Extract<UndescribedStep, { kind: 'routes' }>['apply']): string {
  const parts = [
    ...(tunnel.length === 0 ? [] : [`into the tunnel, else unreachable: ${some(tunnel)}`]),
    ...(refused.length === 0 ? [] : [`unreachable: ${some(refused)}`]),
    ...(excluded.length === 0 ? [] : [`outside: ${some(excluded)}`]),
  ]
  return `fill table ${table}: ${parts.length === 0 ? 'nothing' : parts.join('; ')}`
}

/** As `ip rule` writes it. */
export function describeRule(rule: RtRule): string {
  const mark = `fwmark 0x${(rule.mark ?? 0).toString(16)}/0x${(rule.mask ?? 0).toString(16)}`
  const uids = rule.uidRange === undefined ? '' : ` uidrange ${rule.uidRange.from}-${rule.uidRange.to}`
  return `IPv${rule.family} pref ${rule.priority} iif ${rule.iif ?? 'any'} ${mark}${uids} lookup ${rule.table ?? 0}`
}

/** The first few of a list that may have thousands. */
function some(items: readonly string[]): string {
  const shown = 6
  if (items.length <= shown) return items.join(', ')
  return `${items.slice(0, shown).join(', ')} and ${items.length - shown} more`
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}

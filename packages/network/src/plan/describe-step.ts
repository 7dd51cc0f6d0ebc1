import type { RtRule } from '@vpnext/native'
import type { DnsData, DnsRewriteData, UndescribedStep } from './step.ts'

/** One line for people. */
export function describeStep(step: UndescribedStep): string {
  switch (step.kind) {
    case 'tun':
      return `make TUN device ${step.apply.interfaceName}${step.apply.offload ? ' with segmentation offload' : ''}`
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
      return `${describeResolver(step.apply)}: ${some([...step.apply.servers, ...step.apply.searchDomains])}`
    case 'dns-rewrite':
      return `${describeRewriting(step.apply)}: ${some(step.apply.redirects.map(({ from, to }) => (to === 'refuse' ? `${from} refused` : `${from} to ${to}`)))}`
    case 'identity':
      return `mark the sockets of ${some(step.apply.list.members.map(({ bundle }) => bundle))}`
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

function describeResolver({ backend, path, interfaceName }: DnsData): string {
  return backend === 'resolved' ? `tell systemd-resolved about ${interfaceName}` : `write ${path}`
}

function describeRewriting({ role, uid, marks }: DnsRewriteData): string {
  if (role === 'return-dns') return 'send DNS questions of applications outside of the tunnel back'
  const whose = uid === undefined ? '' : ` of uid ${uid}`
  const which = marks.some(({ match }) => match === 'any') ? ' of the listed applications' : ''
  return `send DNS questions${whose}${which} into the tunnel`
}

/** As `ip rule` writes it. */
export function describeRule(rule: RtRule): string {
  const mark =
    rule.mask === undefined ? '' : ` fwmark 0x${(rule.mark ?? 0).toString(16)}/0x${rule.mask.toString(16)}`
  const uids = rule.uidRange === undefined ? '' : ` uidrange ${rule.uidRange.from}-${rule.uidRange.to}`
  return `IPv${rule.family} pref ${rule.priority} iif ${rule.iif ?? 'any'}${mark}${uids} ${describeAction(rule)}`
}

function describeAction({ action, table, target }: RtRule): string {
  if (action === 'lookup') return `lookup ${table ?? 0}`
  return action === 'goto' ? `goto ${target ?? 0}` : action
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

import type { PacketExplanation } from '@vpnext/network'
import { visible } from '../text/visible.ts'

type Guard = PacketExplanation['guard']
type Decided = Extract<Guard, { readonly kind: 'accept' | 'drop' | 'reject' }>

/** What the guard says of a packet that leaves by an interface. */
export function guardSentence(guard: Guard, interfaceName: string): string {
  switch (guard.kind) {
    case 'accept':
      return `The guard accepts it: ${because(guard, interfaceName)}.${doubts(guard)}`
    case 'drop':
      return `The guard drops it, so it goes nowhere: ${because(guard, interfaceName)}.${doubts(guard)}`
    case 'reject':
      return `The guard refuses it (${guard.how ?? 'reject'}), so it goes nowhere: ${because(guard, interfaceName)}.${doubts(guard)}`
    case 'none':
      return 'There is no guard: no tunnel of vpnext is up here.'
    case 'unreadable':
      return `What the guard says is not known: ${guard.reason}.`
    case 'not-asked':
      return 'No guard is asked.'
    default:
      return guard satisfies never
  }
}

/** Filters of others are named, not read: whoever wonders where packets stay looks there. */
export function otherFilterSentences({ guard, otherFilters }: PacketExplanation): string[] {
  if (otherFilters.length === 0 || guard.kind === 'drop' || guard.kind === 'reject') return []
  const names = otherFilters.map(
    ({ table, chain, policy }) =>
      `table ${table}, chain ${chain}${policy === 'drop' ? ' (policy drop)' : ''}`,
  )
  return [
    `Filters of others may stop it, which is not looked at here: ${visible(names.join('; '))}. nft list ruleset shows them.`,
  ]
}

function because(guard: Decided, interfaceName: string): string {
  const { table, chain, rule } = guard
  if (rule === undefined) return `no rule of table inet ${table} is against it (chain ${chain})`
  const meaning = meaningOf(guard, interfaceName)
  return `${meaning === '' ? '' : `${meaning} `}(table inet ${table}, chain ${chain}: ${rule})`
}

/** What the rules of the guard are there for; packages/network/src/guard says the same at more length. */
function meaningOf({ kind, chain, rule = '' }: Decided, interfaceName: string): string {
  const isInto = rule.startsWith('meta oifname')
  if (kind === 'reject' || chain === 'refuse') {
    return `its destination belongs to a tunnel, and ${interfaceName} is not the way into it`
  }
  if (kind === 'accept') {
    if (rule.includes('oifname lo')) return 'it does not leave the machine'
    return isInto ? 'it enters the tunnel with an address of the tunnel' : 'its connection came from outside'
  }
  if (!isInto) return 'an address of a tunnel appears nowhere else'
  if (rule.includes('mark')) return 'what is protected or left out does not enter the tunnel'
  return 'only programs and addresses of the tunnel enter it'
}

function doubts({ uncertain }: Decided): string {
  return uncertain.length === 0
    ? ''
    : ` More of the packet would have to be known for: ${uncertain.join('; ')}.`
}

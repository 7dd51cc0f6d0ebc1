import type { NftListing } from '@vpnext/native'
import { entryOf, memberOf, stringOf } from './expression.ts'
import { ownTable } from './verdict.ts'

/** A chain of somebody else's that a packet goes through on its way out, and that may stop it. Plain JSON. */
export interface OtherFilter {
  /** Family and name, e.g. `inet firewalld`. */
  readonly table: string
  readonly chain: string
  readonly policy: 'accept' | 'drop'
}

/** Families whose chains see a packet that leaves, see nft(8). */
const familiesOf = { 4: ['inet', 'ip'], 6: ['inet', 'ip6'] } as const
const hooks = new Set(['output', 'postrouting', 'egress'])

/**
 * The chains of type filter, of tables that are not vpnext's, that a packet of this machine goes through. One that has no rules
 * and accepts is left out. What they say is not looked at. Pure.
 *
 * @param interfaceName that it leaves by
 */
export function otherFilters(listing: NftListing, family: 4 | 6, interfaceName: string): OtherFilter[] {
  const items = listing.nftables.map(entryOf)
  const withRules = new Set(
    items.filter(([kind]) => kind === 'rule').map(([, body]) => chainKey(body, 'chain')),
  )
  return items.flatMap(([kind, body]) => {
    if (kind !== 'chain' || !sees(body, family, interfaceName)) return []
    const policy = stringOf(body, 'policy') === 'drop' ? 'drop' : 'accept'
    if (policy === 'accept' && !withRules.has(chainKey(body, 'name'))) return []
    const table = `${stringOf(body, 'family')} ${stringOf(body, 'table')}`
    return [{ table, chain: stringOf(body, 'name'), policy }]
  })
}

function sees(chain: unknown, family: 4 | 6, interfaceName: string): boolean {
  if (stringOf(chain, 'type') !== 'filter' || !hooks.has(stringOf(chain, 'hook'))) return false
  const ofFamily = stringOf(chain, 'family')
  if (ofFamily === 'netdev') {
    const devices = memberOf(chain, 'dev')
    return (Array.isArray(devices) ? devices : [devices]).includes(interfaceName)
  }
  if (ofFamily === 'inet' && ownTable.test(stringOf(chain, 'table'))) return false
  return familiesOf[family].some((each) => each === ofFamily)
}

/** `member` names the chain: `chain` of a rule, `name` of a chain. */
function chainKey(body: unknown, member: 'chain' | 'name'): string {
  return ['family', 'table', member].map((each) => stringOf(body, each)).join(' ')
}

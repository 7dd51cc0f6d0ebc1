import type { NftListing } from '@vpnext/native'
import { expect, test } from 'vitest'
import { otherFilters } from './other-filters.ts'

const chain = (family: string, table: string, name: string, more: object): Record<string, unknown> => ({
  chain: { family, table, name, type: 'filter', hook: 'output', prio: 0, policy: 'accept', ...more },
})
const rule = (family: string, table: string, name: string): Record<string, unknown> => ({
  rule: { family, table, chain: name, expr: [{ drop: null }] },
})
const listing: NftListing = {
  nftables: [
    { metainfo: {} },
    chain('inet', 'vpnext-two', 'output_0', { policy: 'drop' }),
    chain('inet', 'fw', 'closed', { policy: 'drop' }),
    chain('inet', 'fw', 'in', { hook: 'input', policy: 'drop' }),
    chain('inet', 'fw', 'idle', {}),
    chain('ip', 'filter', 'OUTPUT', {}),
    rule('ip', 'filter', 'OUTPUT'),
    chain('ip', 'nat', 'POSTROUTING', { type: 'nat', hook: 'postrouting' }),
    rule('ip', 'nat', 'POSTROUTING'),
    chain('ip6', 'filter', 'OUTPUT', {}),
    rule('ip6', 'filter', 'OUTPUT'),
    chain('netdev', 'edge', 'out', { hook: 'egress', dev: 'c0', policy: 'drop' }),
    chain('netdev', 'edge', 'many', { hook: 'egress', dev: ['c1', 'c2'], policy: 'drop' }),
  ],
}

test.each([
  [4, 'c0', ['inet fw closed drop', 'ip filter OUTPUT accept', 'netdev edge out drop']],
  [6, 'c2', ['inet fw closed drop', 'ip6 filter OUTPUT accept', 'netdev edge many drop']],
] as const)(
  'IPv%i by %s: those of others that see it and have something to say',
  (family, device, expected) => {
    const found = otherFilters(listing, family, device)
    expect(found.map(({ table, chain: name, policy }) => `${table} ${name} ${policy}`)).toEqual(expected)
  },
)

import type { NftListing } from '@vpnext/native'

/**
 * The ruleset as lines that change only when somebody changes it: without handles, counters and the listing's own header.
 * Rules keep their order within their chain, so a line of a rule says its place.
 */
export function nftLines(listing: NftListing): string[] {
  const places = new Map<string, number>()
  return listing.nftables
    .filter((item) => !('metainfo' in item))
    .map((item) => {
      const line = JSON.stringify(stable(item))
      const chain = chainOf(item['rule'])
      if (chain === undefined) return line
      const place = places.get(chain) ?? 0
      places.set(chain, place + 1)
      return `${chain} ${place}: ${line}`
    })
    .toSorted()
}

/** Where a rule is; undefined for everything else. */
function chainOf(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null) return undefined
  if (!('family' in rule) || !('table' in rule) || !('chain' in rule)) return undefined
  return `${String(rule.family)} ${String(rule.table)} ${String(rule.chain)}`
}

const volatile = new Set(['handle', 'packets', 'bytes', 'expires', 'used'])

function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !volatile.has(key))
      .map(([key, inner]) => [key, stable(inner)]),
  )
}

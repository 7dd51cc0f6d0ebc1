import type { CheckedVpnConfig } from '@vpnext/api'
import { addressWidth, type Family, formatPrefix, makePrefix, parseAddress, parsePrefix } from '@vpnext/ip'
import type { Prefix } from '@vpnext/ip'
import { coveredPrefixes, coversEverything } from './coverage.ts'

/** What becomes of which destinations. All are `net/len`. */
export interface Traffic {
  /** Into the tunnel. */
  readonly tunnel: readonly string[]
  /** Kept out of it. */
  readonly excluded: readonly string[]
  /** Unreachable: covered, but of a family that the tunnel does not accept. */
  readonly refused: readonly string[]
  /** Destinations that go into the tunnel or nowhere, disjoint. */
  readonly covered: Readonly<Record<Family, readonly string[]>>
}

const families = [4, 6] as const
const everything: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' }

/**
 * Decides for every destination. The longest prefix wins, as in the routing table made from it.
 *
 * A family that is not accepted is refused where it is covered: everything when the other family's default route is
 * captured, else the routes given for it. Families that the kernel lacks are left out.
 */
export function judgeTraffic(config: CheckedVpnConfig, present: Readonly<Record<Family, boolean>>): Traffic {
  const accepted = { 4: config.acceptIPv4 && present[4], 6: config.acceptIPv6 && present[6] }
  const given = new Map(families.map((family) => [family, routesOf(config, family, accepted[family])]))
  const traffic = { tunnel: [] as string[], excluded: [] as string[], refused: [] as string[] }
  const covered: Record<Family, readonly string[]> = { 4: [], 6: [] }
  for (const family of families) {
    if (!present[family]) continue
    const { included, excluded } = given.get(family) ?? { included: [], excluded: [] }
    const other = family === 4 ? 6 : 4
    const otherIsFull = accepted[other] && coversEverything(other, given.get(other)?.included ?? [])
    const caught = accepted[family] || !otherIsFull ? included : [prefix(everything[family])]
    if (caught.length === 0) continue
    ;(accepted[family] ? traffic.tunnel : traffic.refused).push(...caught.map(formatPrefix))
    traffic.excluded.push(...excluded.map(formatPrefix))
    covered[family] = coveredPrefixes(caught, excluded).map(formatPrefix)
  }
  return { ...traffic, covered }
}

interface FamilyRoutes {
  readonly included: readonly Prefix[]
  readonly excluded: readonly Prefix[]
}

/** The routes of the config and, when the family is accepted, the networks its addresses are in. */
function routesOf(config: CheckedVpnConfig, family: Family, accepted: boolean): FamilyRoutes {
  const routes = config.routes.filter((route) => route.family === family)
  const excluded = new Set(routes.filter((route) => route.excluded).map((route) => route.destination))
  const included = new Set(routes.filter((route) => !route.excluded).map((route) => route.destination))
  if (accepted) for (const network of connectedNetworks(config, family)) included.add(network)
  for (const destination of excluded) included.delete(destination)
  return { included: [...included].map(prefix), excluded: [...excluded].map(prefix) }
}

/** What the kernel would route by itself, had the addresses not the flag against it. */
function connectedNetworks(config: CheckedVpnConfig, family: Family): string[] {
  return config.addresses
    .filter((entry) => entry.family === family && entry.prefixLength < addressWidth(family))
    .map((entry) => {
      const address = parseAddress(entry.address)
      if (address === undefined) throw new RangeError(`config.addresses: ${entry.address} is not an address`)
      return formatPrefix(makePrefix(address, entry.prefixLength))
    })
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (parsed === undefined) throw new RangeError(`config.routes: ${text} is not a prefix`)
  return parsed
}

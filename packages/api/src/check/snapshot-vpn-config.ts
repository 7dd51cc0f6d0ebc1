import type { BusinessError } from '../errors/business-error.ts'
import { limits } from '../limits.ts'
import type { VpnConfig, VpnextOptions } from '../types/vpn-config.ts'
import { type Field, parameterError, property, rootField, valueError, withoutPrototype } from './field.ts'
import { arrayOf, booleanOf, numberOf, objectOf, optional, textOf } from './read-field.ts'
import { readAddress, readRoute } from './read-link-address.ts'

/**
 * Copies a config out of whatever object a program handed in: the known fields only, each read once, in the order in which
 * the device looks at them. The copy is plain (without a prototype), shares nothing with the original, and may travel as JSON.
 *
 * All errors of the first kind come from here: a field that is missing, of the wrong type or without a possible meaning.
 * Values that are merely outside our rules (a bad mtu, an unknown gateway word) are in the copy; `checkVpnConfig` judges
 * them.
 *
 * @param value anything; proxies and getters may throw
 * @throws BusinessError 401 with the exact path in `data.field`; only if there is none, 2200001 for a list above its limit
 *   (such a list is not walked)
 */
export function snapshotVpnConfig(value: unknown): VpnConfig {
  const root = rootField(value, 'config', 'create')
  const object = objectOf(root)
  const aboveLimit: BusinessError[] = []
  const field = (name: keyof VpnConfig): Field => property(root, object, name)
  const texts =
    (limit: number) =>
    (given: Field): string[] =>
      readList(given, limit, textOf, aboveLimit)

  const vpnId = optional(field('vpnId'), textOf)
  const config: VpnConfig = withoutPrototype({
    addresses: readList(field('addresses'), limits.addresses, readAddress, aboveLimit),
  })
  const keep = <K extends keyof VpnConfig>(name: K, given: VpnConfig[K] | undefined): void => {
    if (given !== undefined) config[name] = given
  }
  keep('vpnId', vpnId)
  keep('routes', optionalRoutes(field('routes'), aboveLimit))
  keep('dnsAddresses', optional(field('dnsAddresses'), texts(limits.dnsServers)))
  keep('searchDomains', optional(field('searchDomains'), texts(limits.searchDomains)))
  keep('mtu', optional(field('mtu'), numberOf))
  for (const name of ['isIPv4Accepted', 'isIPv6Accepted', 'isInternal', 'isBlocking'] as const) {
    keep(name, optional(field(name), booleanOf))
  }
  for (const name of ['trustedApplications', 'blockedApplications'] as const) {
    keep(name, optional(field(name), texts(limits.applications)))
  }
  keep('vpnext', optional(field('vpnext'), readVpnextOptions))
  const [first] = aboveLimit
  if (first !== undefined) throw first
  return config
}

function readVpnextOptions(field: Field): VpnextOptions {
  const offload = optional(property(field, objectOf(field), 'offload'), booleanOf)
  return withoutPrototype(offload === undefined ? {} : { offload })
}

/** `routes: undefined` is refused, as on the device. */
function optionalRoutes(field: Field, aboveLimit: BusinessError[]): VpnConfig['routes'] | undefined {
  if (!field.present) return undefined
  if (field.value === undefined)
    throw parameterError(field, 'must be an array, not undefined', 'leave it out')
  return readList(field, limits.routes, readRoute, aboveLimit)
}

/** Elements of a list, or none of them and a note when there are more than `limit`. */
function readList<T>(
  field: Field,
  limit: number,
  read: (item: Field) => T,
  aboveLimit: BusinessError[],
): T[] {
  const array = arrayOf(field)
  if (array.length <= limit) return array.items().map((item) => read(item))
  aboveLimit.push(valueError(field.path, `has ${array.length} entries; at most ${limit} are allowed`))
  return []
}

import { limits } from '../limits.ts'
import type { VpnConfig } from '../types/vpn-config.ts'
import type { CheckedAddress, CheckedVpnConfig } from './checked-vpn-config.ts'
import { valueError } from './field.ts'
import { judgeAddresses } from './judge-addresses.ts'
import { judgeApplications } from './judge-applications.ts'
import { judgeDnsServers, judgeSearchDomains } from './judge-dns.ts'
import { judgeMtu } from './judge-mtu.ts'
import { judgeRoutes } from './judge-routes.ts'
import { snapshotVpnConfig } from './snapshot-vpn-config.ts'
import { Warnings } from './warnings.ts'

/**
 * Checks a config completely and decides everything it leaves open. Both ends call it: the kit before it asks the service,
 * the service again on the JSON it receives.
 *
 * Errors of the first kind (401) come before any of the second (2200001), as on the device, where the first are thrown
 * synchronously. `data.field` is the exact path of the offending value.
 *
 * @param value anything: an object of the program's own class, parsed JSON, a hostile proxy
 * @returns plain JSON that shares nothing with `value`
 * @throws BusinessError 401: missing, wrong type, or no possible value; 2200001: outside the rules or limits
 */
export function checkVpnConfig(value: unknown): CheckedVpnConfig {
  const config = snapshotVpnConfig(value)
  const warnings = new Warnings()
  const vpnId = judgeVpnId(config.vpnId)
  const addresses = judgeAddresses(config.addresses, warnings)
  const accepted = acceptedFamilies(config, addresses)
  const { acceptIPv4, acceptIPv6 } = accepted
  if (!acceptIPv4 && !acceptIPv6) {
    warnings.add('config.isIPv4Accepted', 'neither IPv4 nor IPv6 is accepted: the VPN carries nothing')
  }
  const routes = judgeRoutes(config.routes ?? [], { vpnId, ...accepted }, warnings)
  const dnsServers = judgeDnsServers(config.dnsAddresses ?? [], warnings)
  const searchDomains = judgeSearchDomains(config.searchDomains ?? [], warnings)
  const mtu = judgeMtu(config.mtu, acceptIPv6, warnings)
  if (config.isInternal === true) warnings.add('config.isInternal', 'has no effect')
  const trusted = judgeApplications('trustedApplications', config.trustedApplications ?? [], warnings)
  const blocked = judgeApplications('blockedApplications', config.blockedApplications ?? [], warnings)
  if (trusted.length > 0 && blocked.length > 0) {
    throw valueError(
      'config.blockedApplications',
      'and trustedApplications are both given; they exclude each other',
      'leave one of the two lists empty',
    )
  }
  return {
    vpnId,
    addresses,
    routes,
    dnsServers,
    searchDomains,
    mtu,
    acceptIPv4,
    acceptIPv6,
    blocking: config.isBlocking ?? false,
    offload: config.vpnext?.offload ?? false,
    trustedApplications: trusted,
    blockedApplications: blocked,
    warnings: warnings.list(),
  }
}

/** Given flags win; otherwise IPv4 if any address is IPv4 or there is none, IPv6 if any is IPv6. */
function acceptedFamilies(
  config: VpnConfig,
  addresses: readonly CheckedAddress[],
): { acceptIPv4: boolean; acceptIPv6: boolean } {
  const has = (family: 4 | 6): boolean => addresses.some((address) => address.family === family)
  return {
    acceptIPv4: config.isIPv4Accepted ?? (addresses.length === 0 || has(4)),
    acceptIPv6: config.isIPv6Accepted ?? has(6),
  }
}

function judgeVpnId(vpnId = ''): string {
  if (vpnId.length <= limits.vpnIdLength) return vpnId
  throw valueError(
    'config.vpnId',
    `has ${vpnId.length} characters; at most ${limits.vpnIdLength} are allowed`,
  )
}

import { formatAddress, parseAddress } from '@vpnext/ip'
import { limits } from '../limits.ts'
import { shown, valueError } from './field.ts'
import { specialKind } from './special-addresses.ts'
import type { Warnings } from './warnings.ts'

/**
 * DNS servers: canonical, each once. `''`, `0.0.0.0` and `::` are skipped with a warning, as the device skips them.
 *
 * @throws BusinessError 2200001 for any other text that is not the address of a host
 */
export function judgeDnsServers(texts: readonly string[], warnings: Warnings): string[] {
  const servers = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const path = `config.dnsAddresses[${index}]`
    const parsed = parseAddress(text)
    if (parsed === undefined && text !== '') {
      throw valueError(path, `${shown(text)} is not an IPv4 or IPv6 address`)
    }
    const kind = parsed === undefined ? 'unspecified' : specialKind(parsed)
    if (kind === 'multicast' || kind === 'broadcast' || kind === 'IPv4-mapped') {
      throw valueError(path, `${text} is ${kind}; a DNS server cannot have it`)
    }
    if (parsed === undefined || kind === 'unspecified') {
      warnings.add(path, `${shown(text)} names no server and is ignored`)
      continue
    }
    if (kind === 'loopback') {
      warnings.add(path, `${text} is this machine: its resolver may ask outside the VPN`)
    }
    addOnce(servers, formatAddress(parsed), path, warnings)
  }
  return [...servers]
}

/**
 * Search domains: lower case, without trailing dot, each once. `''` is skipped with a warning.
 *
 * @throws BusinessError 2200001 for a text that is not a DNS name: labels of 1 to 63 letters, digits, `-` and `_`, not
 *   beginning or ending with `-`, 253 characters in all (RFC 1035 section 2.3, RFC 2181 section 11 for `_`)
 */
export function judgeSearchDomains(texts: readonly string[], warnings: Warnings): string[] {
  const domains = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const path = `config.searchDomains[${index}]`
    if (text === '') {
      warnings.add(path, 'is empty and is ignored')
      continue
    }
    const name = text.endsWith('.') ? text.slice(0, -1) : text
    if (name.length > limits.domainLength || !name.split('.').every((label) => isLabel(label))) {
      throw valueError(
        path,
        `${shown(text)} is not a DNS name`,
        'write international names in their xn-- form',
      )
    }
    addOnce(domains, name.toLowerCase(), path, warnings)
  }
  return [...domains]
}

function isLabel(label: string): boolean {
  return label.length <= limits.domainLabelLength && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i.test(label)
}

function addOnce(set: Set<string>, value: string, path: string, warnings: Warnings): void {
  if (set.has(value)) warnings.add(path, `${value} is there already; this one is ignored`)
  else set.add(value)
}

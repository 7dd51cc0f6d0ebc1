import { formatAddress, parseAddress } from '@vpnext/ip'

/**
 * The servers that programs ask by a resolv.conf(5): those of its `nameserver` lines, each once, without zones (a link-local
 * server is reached by its interface anyway); without any, the local host, as glibc does.
 */
export function resolversOf(resolvConf: string): string[] {
  const named = [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+([0-9A-Fa-f.:]+)/gm)]
    .map((match) => parseAddress(match[1] ?? ''))
    .filter((address) => address !== undefined)
    .map(formatAddress)
  return named.length === 0 ? ['127.0.0.1', '::1'] : [...new Set(named)]
}

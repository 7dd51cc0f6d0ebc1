import type { DnsData } from '../plan/step.ts'

/**
 * The resolv.conf(5) of a tunnel.
 *
 * @param before what the resolver had; its servers stay when the tunnel has only search domains
 * @returns text that ends with a line end. glibc uses the first three servers.
 */
export function resolvConfText(dns: DnsData, before: string): string {
  const servers =
    dns.servers.length > 0 ? dns.servers.map((server) => `nameserver ${server}`) : keptLines(before)
  return [
    `# Written by vpnext (instance ${dns.instance}) while a VPN is up; what was here before comes back when it goes.`,
    '# After a crash: vpnext doctor --repair',
    ...(dns.searchDomains.length === 0 ? [] : [`search ${dns.searchDomains.join(' ')}`]),
    ...servers,
    '',
  ].join('\n')
}

function keptLines(before: string): string[] {
  return before.split('\n').filter((line) => /^(?:nameserver|options|sortlist)\s/.test(line))
}

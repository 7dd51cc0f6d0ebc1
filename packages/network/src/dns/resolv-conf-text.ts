/** What a tunnel wants the resolver to know. */
export interface ResolverWishes {
  readonly servers: readonly string[]
  readonly searchDomains: readonly string[]
}

/**
 * The resolv.conf(5) of one or more tunnels.
 *
 * @param tunnels the newest first: its servers and domains come first. glibc uses the first three servers.
 * @param before what the resolver had; its servers stay when the tunnels have only search domains
 * @returns text that ends with a line end
 */
export function resolvConfText(tunnels: readonly ResolverWishes[], instance: string, before: string): string {
  const servers = once(tunnels.flatMap((tunnel) => tunnel.servers)).map((server) => `nameserver ${server}`)
  const searchDomains = once(tunnels.flatMap((tunnel) => tunnel.searchDomains))
  return [
    `# Written by vpnext (instance ${instance}) while a VPN is up; what was here before comes back when it goes.`,
    '# After a crash: vpnext doctor --repair',
    ...(searchDomains.length === 0 ? [] : [`search ${searchDomains.join(' ')}`]),
    ...(servers.length > 0 ? servers : keptLines(before)),
    '',
  ].join('\n')
}

function keptLines(before: string): string[] {
  return before.split('\n').filter((line) => /^(?:nameserver|options|sortlist)\s/.test(line))
}

function once(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

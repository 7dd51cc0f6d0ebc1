import { parseAddress } from '@vpnext/ip'

/** What resolv.conf(5) tells the C library. */
export interface ResolverFile {
  /** In the order they are asked; the C library asks the first three. */
  readonly servers: readonly string[]
  /** No server is named: the one above is the C library's own choice. */
  readonly isDefault?: true
  readonly searchDomains: readonly string[]
  /** The instance of vpnext that wrote the file. */
  readonly instance?: string
}

/** MAXNS in resolv.h */
const askedServers = 3

/**
 * Reads resolv.conf(5).
 *
 * @param text '' for a file that is not there
 */
export function readResolverFile(text: string): ResolverFile {
  const lines = text.split('\n')
  const words = lines.map((line) => line.trim().split(/\s+/))
  const servers = words
    .filter(([keyword, server = '']) => keyword === 'nameserver' && parseAddress(server) !== undefined)
    .map(([, server = '']) => server)
  // The last line counts.
  const search = words.findLast(([keyword]) => keyword === 'search' || keyword === 'domain')?.slice(1) ?? []
  const instance = /^# Written by vpnext \(instance ([a-z0-9-]+)\)/m.exec(text)?.[1]
  return {
    // Without any, the C library asks this machine.
    ...(servers.length === 0
      ? { servers: ['127.0.0.1'], isDefault: true }
      : { servers: servers.slice(0, askedServers) }),
    searchDomains: search,
    ...(instance === undefined ? {} : { instance }),
  }
}

/**
 * The addresses that hosts(5) has for a name. The C library asks no server then.
 *
 * @param text '' for a file that is not there
 */
export function addressesInHosts(text: string, name: string): string[] {
  const wanted = name.replace(/\.$/, '').toLowerCase()
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/)
    const isMeant = names.some((each) => each.toLowerCase() === wanted)
    return isMeant && parseAddress(address) !== undefined ? [address] : []
  })
}

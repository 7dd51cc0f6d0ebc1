import { Resolver } from 'node:dns/promises'
import { isErrno, isSystemError, readPlainFile } from '@vpnext/native'
import { type Family, parseAddress } from '@vpnext/ip'
import { type ResolverFile, addressesInHosts, readResolverFile } from '@vpnext/network'
import type { Program } from './service-knowledge.ts'

/** Who would be asked for a name, and why. */
export type NamePath =
  /** The hosts file has it: nobody is asked. */
  | { readonly kind: 'hosts'; readonly path: string }
  | {
      readonly kind: 'server'
      /** Who is asked first, as the resolver's configuration has it. */
      readonly configured: string
      /** Who is really asked; `refuse`: nobody. */
      readonly asked: string
      /** The tunnel whose programs are sent to another server, if so. */
      readonly redirectedBy?: string
      readonly file: ResolverFile & { readonly path: string }
    }
  /** There is something else where the hosts file or the resolver's configuration should be: a pipe, a device, a folder. */
  | { readonly kind: 'no-file'; readonly path: string }

/** What a name stands for, as far as it could be found out. */
export interface Resolution {
  readonly addresses: readonly { readonly address: string; readonly family: Family }[]
  /** Why there is none. */
  readonly error?: string
}

/** For each server, in ms; and how often. A person waits. */
const patience = { timeout: 2000, tries: 1 } as const

const hostsPath = '/etc/hosts'

/** Who would be asked for a name by a program. Sends nothing. */
export function findNamePath(name: string, program: Program, resolvConf: string): NamePath {
  const hosts = readText(hostsPath)
  if (hosts === undefined) return { kind: 'no-file', path: hostsPath }
  if (addressesInHosts(hosts, name).length > 0) return { kind: 'hosts', path: hostsPath }
  const text = readText(resolvConf)
  if (text === undefined) return { kind: 'no-file', path: resolvConf }
  const file = readResolverFile(text)
  const configured = file.servers[0] ?? '127.0.0.1'
  const redirect = program.dnsRedirects.find(({ from }) => from === configured)
  return {
    kind: 'server',
    configured,
    asked: redirect?.to ?? configured,
    ...(redirect === undefined ? {} : { redirectedBy: redirect.interfaceName }),
    file: { ...file, path: resolvConf },
  }
}

/** Asks for the addresses of a name, from this process, in this network namespace. */
export async function resolveName(name: string, path: NamePath, signal: AbortSignal): Promise<Resolution> {
  if (path.kind === 'no-file') return { addresses: [], error: 'nobody was asked' }
  if (path.kind === 'hosts')
    return { addresses: withFamily(addressesInHosts(readText(path.path) ?? '', name)) }
  const resolver = new Resolver(patience)
  resolver.setServers(path.file.servers)
  const stop = (): void => resolver.cancel()
  signal.throwIfAborted()
  signal.addEventListener('abort', stop, { once: true })
  try {
    let error = 'ENODATA'
    for (const candidate of candidates(name, path.file.searchDomains)) {
      const answers = await Promise.allSettled([resolver.resolve4(candidate), resolver.resolve6(candidate)])
      signal.throwIfAborted()
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
      if (found.length > 0) return { addresses: withFamily(found) }
      error = answers.map(codeOf).find((code) => code !== undefined && code !== 'ENODATA') ?? error
    }
    return { addresses: [], error }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** resolv.conf(5): a name without a dot is looked for in the search domains first, another one as it is. */
function candidates(name: string, domains: readonly string[]): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const searched = domains.map((domain) => `${name}.${domain}`)
  return name.includes('.') ? [name, ...searched] : [...searched, name]
}

function withFamily(addresses: readonly string[]): { address: string; family: Family }[] {
  return addresses.flatMap((address) => {
    const family = parseAddress(address)?.family
    return family === undefined ? [] : [{ address, family }]
  })
}

function codeOf(answer: PromiseSettledResult<unknown>): string | undefined {
  if (answer.status === 'fulfilled') return undefined
  const { reason } = answer as { readonly reason: unknown }
  return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason)
}

/** @returns '' for a file that is not there; undefined for what is no file */
function readText(path: string): string | undefined {
  try {
    return readPlainFile(path).toString('utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return ''
    if (isSystemError(error, 'EINVAL')) return undefined
    throw error
  }
}

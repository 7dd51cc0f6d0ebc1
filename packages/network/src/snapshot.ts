import { existsSync, readdirSync } from 'node:fs'
import { getSysctl, listNft, nftAvailable, Rtnetlink } from '@vpnext/native'
import { readOriginal } from './dns/original-file.ts'
import { defaultSettings, type NetworkSettings } from './settings.ts'
import { nftLines } from './snapshot-nft.ts'
import { programLines } from './snapshot-programs.ts'

/** The network as it is, canonical: two snapshots of an unchanged system are equal. Plain JSON, lines sorted. */
export interface NetworkSnapshot {
  readonly links: readonly string[]
  readonly addresses: readonly string[]
  readonly rules: readonly string[]
  readonly routes: readonly string[]
  readonly nft: readonly string[]
  readonly sysctls: readonly string[]
  /** BPF programs of this instance. */
  readonly programs: readonly string[]
  readonly resolvConf: readonly string[]
}

const IFF_UP = 1
/** IFA_F_NODAD, IFA_F_MANAGETEMPADDR, IFA_F_NOPREFIXROUTE: what somebody set; the rest changes by itself. */
const STABLE_ADDRESS_FLAGS = 0x02 | 0x100 | 0x200

const parts = ['links', 'addresses', 'rules', 'routes', 'nft', 'sysctls', 'programs', 'resolvConf'] as const

/** What a tunnel could change besides. */
const systemSettings = [
  'net/ipv4/conf/all/src_valid_mark',
  'net/ipv4/conf/all/arp_ignore',
  'net/ipv4/fwmark_reflect',
  'net/ipv6/fwmark_reflect',
  'net/ipv4/conf/all/rp_filter',
  'net/ipv4/conf/default/rp_filter',
  'net/ipv4/tcp_fwmark_accept',
  'net/ipv4/ip_forward',
  'net/ipv6/conf/all/disable_ipv6',
  'net/ipv6/conf/default/disable_ipv6',
  'net/ipv6/conf/all/forwarding',
]

/**
 * Reads the network of the calling thread's namespace, and the resolver's configuration. Left out is what changes by
 * itself: counters, indexes, handles, carrier and lifetimes.
 *
 * @throws SystemError when rtnetlink or nft do not answer
 */
export function takeSnapshot(settings: NetworkSettings = defaultSettings()): NetworkSnapshot {
  using netlink = Rtnetlink.open()
  const links = netlink.links()
  const names = new Map(links.map(({ index, name }) => [index, name]))
  const named = ({
    index,
    ...rest
  }: Readonly<Record<string, unknown>> & { readonly index?: number }): string =>
    JSON.stringify({ dev: index === undefined ? undefined : (names.get(index) ?? index), ...rest })
  return {
    links: sorted(
      links.map(({ name, kind, flags, mtu, address, addressGeneration }) =>
        JSON.stringify({ name, kind, up: (flags & IFF_UP) !== 0, mtu, address, addressGeneration }),
      ),
    ),
    addresses: sorted(
      netlink
        .addresses()
        .map(({ tentative: _tentative, flags, ...rest }) =>
          named({ ...rest, flags: flags & STABLE_ADDRESS_FLAGS }),
        ),
    ),
    rules: sorted(netlink.rules().map((rule) => JSON.stringify(rule))),
    routes: sorted(netlink.routes().map(({ flags: _flags, ...route }) => named(route))),
    nft: nftAvailable() ? nftLines(listNft()) : [],
    sysctls: sorted([...systemSettings, ...interfaceSettings()].flatMap(settingLine)),
    programs: programLines(settings),
    resolvConf: [JSON.stringify(readOriginal(settings.resolvConf))],
  }
}

/**
 * What changed, one line per difference: `- routes: …` is gone, `+ routes: …` is new.
 *
 * @returns nothing when the two are equal
 */
export function diffSnapshots(before: NetworkSnapshot, after: NetworkSnapshot): string[] {
  return parts.flatMap((part) => [
    ...without(before[part], after[part]).map((line) => `- ${part}: ${line}`),
    ...without(after[part], before[part]).map((line) => `+ ${part}: ${line}`),
  ])
}

/** Lines of `all` beyond those in `others`; a line may occur several times. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return all.filter((line) => {
    const number = left.get(line) ?? 0
    left.set(line, number - 1)
    return number <= 0
  })
}

function interfaceSettings(): string[] {
  return ['ipv4', 'ipv6'].flatMap((family) => {
    const directory = `/proc/sys/net/${family}/conf`
    if (!existsSync(directory)) return []
    const setting = family === 'ipv4' ? 'rp_filter' : 'disable_ipv6'
    return readdirSync(directory)
      .filter((name) => name !== 'all' && name !== 'default')
      .map((name) => `net/${family}/conf/${name}/${setting}`)
  })
}

function settingLine(name: string): string[] {
  try {
    return [`${name} = ${getSysctl(name)}`]
  } catch {
    return []
  }
}

function sorted(lines: readonly string[]): string[] {
  return lines.toSorted()
}

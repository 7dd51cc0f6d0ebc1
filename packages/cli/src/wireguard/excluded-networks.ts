import { networkInterfaces } from 'node:os'
import { formatPrefix, makePrefix, parsePrefix, type Prefix, prefixCovers, PrefixSet } from '@vpnext/ip'
import { readList, SettingsError, vpnConfigOf, type WgQuickFile } from '@vpnext/wireguard'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'

/** The word for {@link localNetworks}. */
const lan = 'lan'

/**
 * Whose addresses nobody has on the Internet (RFC 1918, 3927, 4193, 4291): a network cannot give itself somebody's addresses to get
 * at what is for them.
 */
const privateNetworks = prefixes([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
])
/** To neighbours, and never further: the search for printers and their like (RFC 5771, RFC 4291). */
const toNeighbours = prefixes(['224.0.0.0/24', '255.255.255.255/32', 'ff02::/16'])

/**
 * The networks that `--exclude` leaves outside the tunnel.
 *
 * @param values of the option: networks, addresses, or `lan`, with commas or blanks between
 * @param settings of the profile
 * @throws CliFailure for what is no network, and for a network of the tunnel itself
 */
export function excludedNetworks(values: readonly string[], settings: WgQuickFile): string[] {
  const words = values.flatMap(readList)
  const excluded = new Set(words.flatMap((word) => (word === lan ? localNetworks(settings) : word)))
  try {
    vpnConfigOf(settings, { excluded: [...excluded] })
  } catch (error) {
    if (!(error instanceof SettingsError) || error.field !== 'excluded') throw error
    throw new CliFailure(exitCodes.usage, `--exclude: ${visible(error.reason)}`, {
      hint: `networks like 192.168.1.0/24, addresses, or ${lan}`,
    })
  }
  return [...excluded]
}

/**
 * The private networks that this machine is in, and what reaches neighbours alone; without what the profile names: its own networks,
 * its name servers, and whichever of `AllowedIPs` is not the whole.
 */
function localNetworks({ interface: own, peers }: WgQuickFile): string[] {
  const set = new PrefixSet()
  for (const network of connectedNetworks()) if (isPrivate(network)) set.add(network)
  for (const network of toNeighbours) set.add(network)
  const named = [
    ...own.addresses.map(({ address, length }) => makePrefix(address, length)),
    ...own.dnsServers.map((address) => makePrefix(address, address.family === 4 ? 32 : 128)),
    ...peers.flatMap(({ allowedIps }) => allowedIps).filter((network) => !isWide(network)),
  ]
  for (const network of named) set.subtract(network)
  return set.toPrefixes().map(formatPrefix)
}

function connectedNetworks(): Prefix[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.flatMap(({ cidr, internal }) => {
      const network = internal || cidr === null ? undefined : parsePrefix(cidr)
      return network ?? []
    }),
  )
}

function isPrivate(network: Prefix): boolean {
  return privateNetworks.some((whole) => prefixCovers(whole, network))
}

/** A default route, or a part of one that was cut in pieces to be preferred. */
function isWide({ length }: Prefix): boolean {
  return length < 8
}

function prefixes(texts: readonly string[]): Prefix[] {
  return texts.flatMap((text) => parsePrefix(text) ?? [])
}

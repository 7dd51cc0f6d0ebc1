import {
  type Address,
  addressWidth,
  comparePrefixes,
  formatAddress,
  formatPrefix,
  makePrefix,
  parseAddress,
  parsePrefix,
  type Prefix,
  prefixEquals,
  PrefixSet,
} from '@vpnext/ip'
import { MAX_MESSAGE } from '../constants.ts'
import { SettingsError } from '../core/core-options.ts'
import { Transport } from '../messages/message-layout.ts'
import type { InterfaceAddress, WgQuickFile } from './tunnel-settings.ts'

/** The most routes that `create()` takes (the API document of VpnConfig). */
const mostRoutes = 10_000
/** What leaves room for WireGuard, UDP and IPv6 in 1500 bytes. */
const defaultMtu = 1420
/** That room: 40 of IPv6, 8 of UDP, 32 of WireGuard. */
const roomOutside = 80
/** The least that IPv6 works with (RFC 8200 section 5). */
const leastDefaultMtu = 1280
/** The longest packet that fits into a datagram over IPv4. */
const longestMtu: number = MAX_MESSAGE - Transport.overhead

/** An address as the VPN API of HarmonyOS writes it; family 1 is IPv4, 2 is IPv6. */
export interface VpnAddress {
  address: { address: string; family: number }
  prefixLength: number
}

/** A route as the VPN API writes it. */
export interface VpnRoute {
  interface: string
  destination: VpnAddress
  gateway: { address: string; family: number }
  hasGateway: boolean
  isDefaultRoute: boolean
  /** What goes there goes past the VPN. */
  isExcludedRoute?: boolean
}

export interface VpnConfigOptions {
  /** MTU of the network below, bytes. */
  readonly uplinkMtu?: number | undefined
  /** Networks that stay outside, as text, though `AllowedIPs` have them; longer prefixes in these go inside all the same. */
  readonly excluded?: readonly string[] | undefined
}

/** What `VpnConnection.create()` takes. */
export interface VpnSettings {
  addresses: VpnAddress[]
  routes: VpnRoute[]
  dnsAddresses: string[]
  searchDomains: string[]
  mtu: number
}

/**
 * The VPN that a wg-quick file describes: its addresses; `AllowedIPs` of all peers as routes, and the networks of the
 * addresses; its DNS; its MTU, else 1420, or, as with wg-quick, less where the uplink takes less. With `Table = off` only the networks of the addresses are routed. `FwMark` and
 * `SaveConfig` have no meaning here.
 *
 * More networks than the API takes as routes, 10,000, are joined to the fewest that hold exactly the same addresses.
 *
 * @throws SettingsError naming `excluded` when an entry of it is no network, or the tunnel's own, and naming the key when there is no such VPN: a table of somebody else's; an MTU that fits into no datagram; more than 10,000 networks, even
 * when joined
 */
export function vpnConfigOf(
  file: Pick<WgQuickFile, 'interface' | 'peers'>,
  { uplinkMtu = defaultMtu + roomOutside, excluded = [] }: VpnConfigOptions = {},
): VpnSettings {
  const { addresses, dnsServers, mtu, searchDomains, table = 'auto' } = file.interface
  if (table !== 'auto' && table !== 'off') {
    throw new SettingsError(
      'Table',
      `${table}: routes go into the table of the VPN; auto and off are possible`,
    )
  }
  if (mtu !== undefined && mtu > longestMtu) {
    throw new SettingsError(
      'MTU',
      `${mtu}: the longest packet that fits into a datagram has ${longestMtu} bytes`,
    )
  }
  const allowed = table === 'off' ? [] : file.peers.flatMap((peer) => peer.allowedIps)
  const networks = addresses.map(({ address, length }) => makePrefix(address, length))
  const outside = new Map(excluded.map((text) => readExcluded(text, networks)))
  const routes = new Map([...allowed, ...networks].map((prefix) => [formatPrefix(prefix), prefix]))
  for (const name of outside.keys()) routes.delete(name)
  return {
    addresses: addresses.map((own) => ({
      address: netAddress(own.address),
      prefixLength: hasNeighbours(own) ? own.length : addressWidth(own.address.family),
    })),
    routes: [
      ...fewEnough([...routes.values()]).map(routeTo),
      ...Array.from(outside.values(), (prefix) => ({ ...routeTo(prefix), isExcludedRoute: true })),
    ],
    dnsAddresses: dnsServers.map(formatAddress),
    searchDomains: [...searchDomains],
    mtu: mtu ?? Math.max(leastDefaultMtu, Math.min(defaultMtu, uplinkMtu - roomOutside)),
  }
}

/** @param own networks of the tunnel itself */
function readExcluded(text: string, own: readonly Prefix[]): [name: string, prefix: Prefix] {
  const address = parseAddress(text)
  const prefix = address === undefined ? parsePrefix(text) : makePrefix(address, addressWidth(address.family))
  if (prefix === undefined) throw new SettingsError('excluded', `${JSON.stringify(text)} is no network`)
  if (own.some((network) => prefixEquals(network, prefix)))
    throw new SettingsError('excluded', `${text} is a network of the tunnel's own addresses`)
  return [formatPrefix(prefix), prefix]
}

/** Which peer gets what is for the engine to say; the routes only say what goes into the tunnel. */
function fewEnough(routes: readonly Prefix[]): readonly Prefix[] {
  if (routes.length <= mostRoutes) return routes
  // In order, because what is added behind all others moves none of them.
  const joined = PrefixSet.from(routes.toSorted(comparePrefixes)).toPrefixes()
  if (joined.length <= mostRoutes) return joined
  throw new SettingsError(
    'AllowedIPs',
    `${routes.length} networks, ${joined.length} when those that touch are joined; a VPN takes ${mostRoutes} routes. ` +
      'Wider networks need fewer; with Table = off none are routed',
  )
}

/** Whether the address may have this prefix length in the API, which refuses a network's own address and its broadcast. */
function hasNeighbours({ address, length }: InterfaceAddress): boolean {
  if (address.family === 6) return length > 0
  if (length === 0 || length >= 31) return length === 32
  const host = address.value & ((1n << BigInt(32 - length)) - 1n)
  return host !== 0n && host !== (1n << BigInt(32 - length)) - 1n
}

function routeTo({ address, length }: Prefix): VpnRoute {
  return {
    interface: '',
    destination: { address: netAddress(address), prefixLength: length },
    gateway: { address: '', family: familyOf(address) },
    hasGateway: false,
    isDefaultRoute: length === 0,
  }
}

function netAddress(address: Address): { address: string; family: number } {
  return { address: formatAddress(address), family: familyOf(address) }
}

function familyOf({ family }: Address): number {
  return family === 4 ? 1 : 2
}

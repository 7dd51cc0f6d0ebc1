import {
  type Address,
  formatAddress,
  makePrefix,
  parseAddress,
  type Prefix,
  prefixContains,
} from '@vpnext/ip'

const kinds = ['unspecified', 'loopback', 'multicast', 'broadcast', 'IPv4-mapped'] as const

/** Address blocks with a fixed meaning (IANA special-purpose registries). */
const blocks: Readonly<Record<SpecialKind, readonly Prefix[]>> = {
  unspecified: [block('0.0.0.0', 32), block('::', 128)],
  loopback: [block('127.0.0.0', 8), block('::1', 128)],
  multicast: [block('224.0.0.0', 4), block('ff00::', 8)],
  broadcast: [block('255.255.255.255', 32)],
  'IPv4-mapped': [block('::ffff:0:0', 96)],
}

/** Kinds of address that {@link specialKind} tells apart. */
export type SpecialKind = (typeof kinds)[number]

/** What is special about an address, or `undefined` for one that a host or router can have. */
export function specialKind(address: Address): SpecialKind | undefined {
  for (const kind of kinds) {
    if (blocks[kind].some((prefix) => prefixContains(prefix, address))) return kind
  }
  return undefined
}

/** Texts by which programs say "no gateway": unspecified, or `fe80::`, whatever the spelling. */
export function meansNoGateway(text: string): boolean {
  if (text === '') return true
  const address = parseAddress(text)
  if (address === undefined) return false
  return specialKind(address) === 'unspecified' || formatAddress(address) === 'fe80::'
}

function block(text: string, length: number): Prefix {
  const address = parseAddress(text)
  if (address === undefined) throw new TypeError(`${text} is not an address`)
  return makePrefix(address, length)
}

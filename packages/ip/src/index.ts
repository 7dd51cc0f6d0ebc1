/**
 * Addresses, prefixes, prefix sets and a longest-prefix trie. Pure arithmetic: knows nothing of sockets or VPNs.
 *
 * ```ts
 * import { PrefixSet, PrefixTrie, formatAddress, formatPrefix, parseAddress, parsePrefix } from '@vpnext/ip'
 *
 * const everything = PrefixSet.from([parsePrefix('0.0.0.0/0')!])
 * everything.subtract(parsePrefix('128.0.0.0/1')!)
 * everything.toPrefixes().map(formatPrefix) // ['0.0.0.0/1']
 *
 * const peers = new PrefixTrie<string>()
 * peers.set(parsePrefix('10.0.0.0/8')!, 'office')
 * peers.lookup(parseAddress('10.1.2.3')!)?.value // 'office'
 * formatAddress(parseAddress('2001:DB8:0:0::1')!) // '2001:db8::1'
 * ```
 *
 * @packageDocumentation
 */
export { type Address, addressEquals, addressWidth, compareAddresses, type Family } from './address.ts'
export { addressFromBytes, addressToBytes } from './address-bytes.ts'
export { formatAddress } from './format-address.ts'
export { parseAddress } from './parse-address.ts'
export {
  comparePrefixes,
  firstAddress,
  formatPrefix,
  lastAddress,
  makePrefix,
  parsePrefix,
  type Prefix,
  prefixContains,
  prefixCovers,
  prefixEquals,
} from './prefix.ts'
export { PrefixSet } from './prefix-set.ts'
export { PrefixTrie } from './prefix-trie.ts'
export type { PrefixMatch } from './trie-node.ts'

import type { NftStatement } from './statement.ts'

/** What a key of a set is: one thing, or a concatenation. */
export type NftKeyType =
  | 'ifname'
  | 'ipv4_addr'
  | 'ipv6_addr'
  | 'mark'
  | 'uid'
  | 'ipv4_addr . inet_service . inet_service'
  | 'ipv6_addr . inet_service . inet_service'
  | 'ipv4_addr . inet_proto . inet_service'
  | 'ipv6_addr . inet_proto . inet_service'

/** A named set. */
export interface NftSet {
  readonly name: string
  readonly type: NftKeyType
  /** Its elements are prefixes, `net/len`, disjoint. Addresses only. */
  readonly interval?: boolean
}

/** What makes a chain a base chain. Its policy is to accept. */
export interface NftHook {
  readonly type: 'filter' | 'route'
  readonly hook: 'prerouting' | 'output' | 'postrouting'
  /** -2147483648..2147483647 */
  readonly priority: number
}

/**
 * A command of nft(8) on a table of family `inet`, as far as a guard needs them. To add what is there changes nothing; to
 * delete what is not there fails.
 */
export type NftCommand =
  | { readonly op: 'addTable' | 'deleteTable'; readonly table: string }
  | { readonly op: 'addChain'; readonly table: string; readonly chain: string; readonly base?: NftHook }
  | { readonly op: 'flushChain' | 'deleteChain'; readonly table: string; readonly chain: string }
  | {
      readonly op: 'addRule'
      readonly table: string
      readonly chain: string
      readonly rule: readonly NftStatement[]
    }
  | { readonly op: 'addSet' | 'flushSet' | 'deleteSet'; readonly table: string; readonly set: NftSet }
  | {
      readonly op: 'addElements' | 'deleteElements'
      readonly table: string
      readonly set: NftSet
      /** As nft writes them, names of interfaces without quotes: `10.0.0.0/8`, `0x2000000`, `192.0.2.1 . udp . 53`. */
      readonly elements: readonly string[]
    }

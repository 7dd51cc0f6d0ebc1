import type { IpFamily, RouteSpec, RtRule } from './objects.ts'

/** A change of the kernel's network, as plain data. */
export type RtRequest =
  AddLink | DeleteLink | SetLink | AddAddress | DeleteAddress | RouteRequest | AddRule | DeleteRule

/** What this package makes; EOPNOTSUPP where the kernel lacks it. TUN devices are made by `openTun`. */
export type LinkKind = 'veth' | 'dummy' | 'bridge' | 'ifb' | 'vrf' | 'wireguard'

/** Names one link: by index, which another link of the namespace never has at the same time, or by name. */
export type LinkReference = { readonly index: number } | { readonly name: string }

/** What a link can be born with, or be set to. */
export interface LinkProperties {
  /** Bytes. */
  readonly mtu?: number
  /** Hardware address, `aa:bb:cc:dd:ee:ff`. */
  readonly address?: string
  /** Open descriptor of the network namespace to be in. */
  readonly netnsFd?: number
}

/** Makes a link. EEXIST when the name is taken. */
export interface AddLink extends LinkProperties {
  readonly op: 'addLink'
  readonly kind: LinkKind
  /** 1..15 bytes */
  readonly name: string
  readonly up?: boolean
  /** For a `veth`: the other end. It is born down: the kernel cannot make both ends and raise the second at once. */
  readonly peer?: LinkProperties & { readonly name: string }
  /** For a `vrf`: its table. */
  readonly table?: number
  /** Index of a bridge or VRF to be part of. */
  readonly master?: number
}

/** Removes a link with its addresses and routes. ENODEV when there is none. */
export type DeleteLink = { readonly op: 'deleteLink' } & LinkReference

/** Changes a link. ENODEV when there is none; before Linux 6.2 a link must be down to be renamed. */
export interface SetLink extends LinkProperties {
  readonly op: 'setLink'
  readonly index: number
  readonly up?: boolean
  /** The new name, 1..15 bytes. */
  readonly name?: string
  /** Index of a bridge or VRF to be part of; 0 takes the link out. */
  readonly master?: number
  /** No IPv6 link-local address, so no router solicitation. Before the link goes up, or together with `up`. */
  readonly addrGenModeNone?: boolean
}

interface AddressRequest {
  readonly index: number
  readonly family?: IpFamily
  readonly address: string
  /** 0..32 or 0..128 */
  readonly prefixLength: number
  /** Point-to-point: the other end's address. */
  readonly peer?: string
}

/** Adds an address. EEXIST when the link has it. */
export interface AddAddress extends AddressRequest {
  readonly op: 'addAddress'
  /** Make no route to the address's prefix. */
  readonly noPrefixRoute?: boolean
  /** IPv6: usable at once, without duplicate address detection. */
  readonly noDad?: boolean
  /** RT_SCOPE_*; 0 when absent. */
  readonly scope?: number
}

/** Removes an address. EADDRNOTAVAIL when the link has none such. */
export interface DeleteAddress extends AddressRequest {
  readonly op: 'deleteAddress'
}

/**
 * `addRoute`: EEXIST when table, prefix and metric are taken. `replaceRoute`: makes or replaces that one.
 * `deleteRoute`: of the first route that has all the given fields; ESRCH when there is none.
 */
export interface RouteRequest {
  readonly op: 'addRoute' | 'replaceRoute' | 'deleteRoute'
  readonly route: RouteSpec
}

/** Adds a rule. EEXIST when there is an equal one. */
export interface AddRule {
  readonly op: 'addRule'
  readonly rule: RtRule
}

/** Removes the first rule that has all the given fields. ENOENT when there is none. */
export interface DeleteRule {
  readonly op: 'deleteRule'
  readonly rule: RtRule
}

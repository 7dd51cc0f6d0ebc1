import { type Address, formatPrefix, type Prefix } from '@vpnext/ip'
import type { SecretKey } from '../keys/secret-key.ts'
import type { EndpointSetting, Hook, HookName, InterfaceAddress } from './tunnel-settings.ts'
import {
  readAllowedIp,
  readBoolean,
  readDns,
  readEndpoint,
  readInterfaceAddress,
  readList,
  readNumber,
  readNumberOrOff,
  readPublicKey,
  readSecret,
  readTable,
} from './values.ts'

/** An `[Interface]` while it is being read. */
export interface InterfaceDraft {
  privateKey?: SecretKey
  listenPort?: number
  fwMark?: number
  mtu?: number
  table?: string
  saveConfig?: boolean
  addresses: InterfaceAddress[]
  dnsServers: Address[]
  searchDomains: string[]
  hooks: Hook[]
}

/** A `[Peer]` while it is being read. */
export interface PeerDraft {
  /** Where its section begins. */
  readonly line: number
  publicKey?: string
  presharedKey?: SecretKey
  endpoint?: EndpointSetting
  persistentKeepalive?: number
  /** By their text: one that is taken away must be found soon among a hundred thousand. */
  readonly allowedIps: Map<string, Prefix>
}

/** A key of a section: how it is written, whether several of it add up, and what to do with a value. */
export interface SectionKey<Draft> {
  readonly name: string
  readonly repeats: boolean
  /** Whether its value is for a shell. */
  readonly isCommand: boolean
  /** @returns what is hardly meant so, if anything */
  readonly read: (draft: Draft, value: string, line: number) => string | void
}

const once = <Draft>(name: string, read: SectionKey<Draft>['read']): SectionKey<Draft> => ({
  name,
  repeats: false,
  isCommand: false,
  read,
})
const many = <Draft>(name: string, read: SectionKey<Draft>['read']): SectionKey<Draft> => ({
  name,
  repeats: true,
  isCommand: false,
  read,
})
const hook = (name: HookName): SectionKey<InterfaceDraft> => ({
  name,
  repeats: true,
  isCommand: true,
  read: (draft, command, line) => void draft.hooks.push({ name, command, line }),
})

// No default MTU or other limit is applied here: 68 is the least an IPv4 link may have (RFC 791 section 3.2).
const leastMtu = 68
const port = 65_535

/** The keys of `[Interface]`, by man page wg(8) and wg-quick(8), which takes an `MTU` or a `Table` without a value for none; and Android's. */
export const interfaceKeys: readonly SectionKey<InterfaceDraft>[] = [
  once('PrivateKey', (draft, value) => {
    draft.privateKey = readSecret(value)
  }),
  once('ListenPort', (draft, value) => {
    draft.listenPort = readNumber(value, 0, port)
  }),
  once('FwMark', (draft, value) => {
    draft.fwMark = readNumberOrOff(value, 0xffff_ffff)
  }),
  many('Address', (draft, value) => {
    draft.addresses.push(...readList(value).map(readInterfaceAddress))
  }),
  many('DNS', (draft, value) => {
    const entries = readList(value).map(readDns)
    for (const { domain, server } of entries) {
      if (server !== undefined) draft.dnsServers.push(server)
      if (domain !== undefined) draft.searchDomains.push(domain)
    }
    const routing = entries.flatMap((entry) => entry.routingDomain ?? [])
    return routing.length === 0
      ? undefined
      : `the servers are asked for all names, not only those in ${routing.join(', ')}`
  }),
  once('MTU', (draft, value) => {
    if (value === '') delete draft.mtu
    else draft.mtu = readNumber(value, leastMtu, 65_535)
  }),
  once('Table', (draft, value) => {
    if (value === '') delete draft.table
    else draft.table = readTable(value)
  }),
  once('SaveConfig', (draft, value) => {
    draft.saveConfig = readBoolean(value)
  }),
  // Of WireGuard's application for Android, in the files that it exports.
  many('ExcludedApplications', () => 'has no effect: these, too, go through the tunnel'),
  many('IncludedApplications', () => 'has no effect: not only these go through the tunnel'),
  hook('PreUp'),
  hook('PostUp'),
  hook('PreDown'),
  hook('PostDown'),
]

/** The keys of `[Peer]`, by man page wg(8). */
export const peerKeys: readonly SectionKey<PeerDraft>[] = [
  once('PublicKey', (draft, value) => {
    draft.publicKey = readPublicKey(value)
  }),
  once('PresharedKey', (draft, value) => {
    draft.presharedKey = readSecret(value)
  }),
  many('AllowedIPs', (draft, value) => {
    for (const { prefix, isTaken } of readList(value).map(readAllowedIp)) {
      const text = formatPrefix(prefix)
      if (isTaken) draft.allowedIps.delete(text)
      else draft.allowedIps.set(text, prefix)
    }
  }),
  once('Endpoint', (draft, value) => {
    draft.endpoint = readEndpoint(value)
  }),
  once('PersistentKeepalive', (draft, value) => {
    draft.persistentKeepalive = readNumberOrOff(value, 65_535)
  }),
]

/** The key with this name, written in any case. */
export function findKey<Draft>(
  keys: readonly SectionKey<Draft>[],
  name: string,
): SectionKey<Draft> | undefined {
  return keys.find((key) => key.name.toLowerCase() === name.toLowerCase())
}

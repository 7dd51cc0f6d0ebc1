import { type ConfigLine, configLines } from './config-lines.ts'
import {
  findKey,
  type InterfaceDraft,
  interfaceKeys,
  type PeerDraft,
  peerKeys,
  type SectionKey,
} from './section-keys.ts'
import { refusalOf } from './foreign-keys.ts'
import { publicKeyOf } from '../keys/key-tools.ts'
import type { InterfaceSettings, WgQuickFile, WgQuickWarning } from './tunnel-settings.ts'
import { type PeerSection, unitedPeers } from './united-peers.ts'
import { ValueError } from './values.ts'
import { WgQuickError } from './wg-quick-error.ts'

/** Which section the lines belong to. */
type Section =
  | { readonly kind: 'none' }
  | { readonly kind: 'interface'; readonly seen: Set<string> }
  | { readonly kind: 'peer'; readonly seen: Set<string>; readonly draft: PeerDraft }

/**
 * Reads a file of wg-quick(8): all its keys, and nothing else. As there, the last of several `MTU` counts (with a warning),
 * and several `Address`, `DNS`, `AllowedIPs` and hooks add up.
 *
 * @param file its name, for errors
 * @throws WgQuickError naming file, line and key, without the value of a secret one
 */
export function parseWgQuick(text: string, file: string): WgQuickFile {
  return new Parser(file).parse(text)
}

class Parser {
  readonly #file: string
  readonly #interface: InterfaceDraft = { addresses: [], dnsServers: [], searchDomains: [], hooks: [] }
  #interfaceLine = 0
  readonly #peers: PeerDraft[] = []
  readonly #warnings: WgQuickWarning[] = []
  #section: Section = { kind: 'none' }

  constructor(file: string) {
    this.#file = file
  }

  parse(text: string): WgQuickFile {
    for (const line of configLines(text, this.#file)) {
      if (line.kind === 'section') this.#begin(line)
      else this.#set(line)
    }
    const peers = this.#finishPeers()
    const { hooks, ...settings } = this.#interface
    const own = this.#finishInterface(settings)
    const united = unitedPeers(peers, publicKeyOf(own.privateKey))
    const warnings = [...this.#warnings, ...united.warnings].toSorted((a, b) => a.line - b.line)
    return { interface: own, peers: united.peers, hooks, warnings }
  }

  #begin({ line, name }: Extract<ConfigLine, { kind: 'section' }>): void {
    switch (name.toLowerCase()) {
      case 'interface':
        this.#interfaceLine ||= line
        this.#section = { kind: 'interface', seen: new Set() }
        break
      case 'peer': {
        const draft: PeerDraft = { line, allowedIps: new Map() }
        this.#peers.push(draft)
        this.#section = { kind: 'peer', seen: new Set(), draft }
        break
      }
      default:
        throw this.#error(line, undefined, `there is no section [${name}], only [Interface] and [Peer]`)
    }
  }

  #set(setting: Extract<ConfigLine, { kind: 'setting' }>): void {
    const section = this.#section
    switch (section.kind) {
      case 'none':
        throw this.#error(setting.line, setting.key, 'before the first section')
      case 'interface':
        this.#read(interfaceKeys, 'Interface', section.seen, this.#interface, setting)
        break
      case 'peer':
        this.#read(peerKeys, 'Peer', section.seen, section.draft, setting)
        break
    }
  }

  #read<Draft>(
    keys: readonly SectionKey<Draft>[],
    section: string,
    seen: Set<string>,
    draft: Draft,
    { command, key, line, value }: Extract<ConfigLine, { kind: 'setting' }>,
  ): void {
    const known = findKey(keys, key)
    if (known === undefined) {
      const refusal = refusalOf(key, value, section)
      if (refusal === undefined) return
      throw this.#error(line, key, refusal)
    }
    if (!known.repeats && seen.has(known.name)) {
      this.#warnings.push({
        line,
        key: known.name,
        reason: 'given before in this section; the last one counts',
      })
    }
    seen.add(known.name)
    try {
      const reason = known.read(draft, known.isCommand ? command : value, line)
      if (typeof reason === 'string') this.#warnings.push({ line, key: known.name, reason })
    } catch (error) {
      throw error instanceof ValueError ? this.#error(line, known.name, error.message) : error
    }
  }

  #finishInterface(draft: Omit<InterfaceDraft, 'hooks'>): InterfaceSettings {
    const { privateKey, ...rest } = draft
    if (this.#interfaceLine === 0) throw this.#error(1, undefined, 'there is no [Interface]')
    if (privateKey === undefined) throw this.#error(this.#interfaceLine, 'PrivateKey', 'is missing')
    return { privateKey, ...rest }
  }

  #finishPeers(): PeerSection[] {
    return this.#peers.map(({ allowedIps, line, publicKey, ...rest }) => {
      if (publicKey === undefined) throw this.#error(line, 'PublicKey', 'is missing in this [Peer]')
      return { line, settings: { publicKey, allowedIps: [...allowedIps.values()], ...rest } }
    })
  }

  #error(line: number, key: string | undefined, reason: string): WgQuickError {
    return new WgQuickError({ file: this.#file, line, ...(key !== undefined && { key }) }, reason)
  }
}

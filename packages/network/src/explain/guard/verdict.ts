import type { NftListing } from '@vpnext/native'
import { entryOf, evaluate, type FilteredPacket, memberOf, stringOf } from './expression.ts'
import { type Judgement, judgeMatch, type Sets } from './match.ts'
import { rejectText, ruleText } from './rule-text.ts'

/** What the guards say of a packet. */
export type GuardVerdict =
  /** No instance of vpnext has a table here. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'accept' | 'drop' | 'reject'
      /** The nft table of family inet. */
      readonly table: string
      readonly chain: string
      /** As nft writes it; absent: the chain's policy. */
      readonly rule?: string
      /** How it is refused, e.g. `tcp reset`. */
      readonly how?: string
      /** Rules that could decide otherwise, were more known of the packet. */
      readonly uncertain: readonly string[]
    }

type Decided = Exclude<GuardVerdict, { readonly kind: 'none' }>

/** Tables that instances of vpnext make, see `NetworkSettings.nftTable`. */
export const ownTable: RegExp = /^vpnext(?:-[a-z0-9-]+)?$/

interface Chain {
  readonly name: string
  readonly rules: (readonly unknown[])[]
  readonly hook: string
  readonly priority: number
  readonly policy: string
}

interface Table {
  readonly name: string
  readonly sets: Map<string, readonly unknown[]>
  readonly chains: Map<string, Chain>
}

/**
 * Lets a packet through the output chains of every guard in the listing, in their order: the first that drops or refuses it
 * decides. Pure.
 *
 * @param listing of the whole ruleset; tables that are not vpnext's are left out
 */
export function guardVerdict(listing: NftListing, packet: FilteredPacket): GuardVerdict {
  const bases = tablesOf(listing)
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(({ chain }) => chain.hook === 'output')
    .toSorted((a, b) => a.chain.priority - b.chain.priority)
  let last: Decided | undefined
  const uncertain: string[] = []
  for (const { table, chain } of bases) {
    const verdict = traverse(table, chain, packet)
    uncertain.push(...verdict.uncertain)
    last = { ...verdict, uncertain }
    if (verdict.kind !== 'accept') break
  }
  return last ?? { kind: 'none' }
}

function traverse(table: Table, base: Chain, first: FilteredPacket): Decided {
  const uncertain: string[] = []
  let packet = first
  const walk = (chain: Chain): Decided | undefined => {
    for (const rule of chain.rules) {
      const meets = judgeRule(rule, packet, table.sets)
      const text = ruleText(rule)
      if (meets === undefined) uncertain.push(`${chain.name}: ${text}`)
      if (meets !== true) continue
      const [kind, body] = entryOf(rule.at(-1))
      if (kind === 'return') return undefined
      const found = { table: table.name, chain: chain.name, rule: text, uncertain }
      if (kind === 'accept' || kind === 'drop') return { kind, ...found }
      if (kind === 'reject') return { kind, ...found, how: rejectText(body) }
      if (kind === 'mangle') packet = mangled(packet, body)
      const target =
        kind === 'jump' || kind === 'goto' ? table.chains.get(stringOf(body, 'target')) : undefined
      const decided = target === undefined ? undefined : walk(target)
      if (decided !== undefined || kind === 'goto') return decided
    }
    return undefined
  }
  const policy = base.policy === 'drop' ? 'drop' : 'accept'
  return walk(base) ?? { kind: policy, table: table.name, chain: base.name, uncertain }
}

/** Whether a packet meets all matches of a rule. */
function judgeRule(rule: readonly unknown[], packet: FilteredPacket, sets: Sets): Judgement {
  let result: Judgement = true
  for (const statement of rule) {
    const [kind, body] = entryOf(statement)
    if (kind !== 'match') continue
    const meets = judgeMatch(body, packet, sets)
    if (meets === false) return false
    if (meets === undefined) result = undefined
  }
  return result
}

/** Marks that rules set on the way; nothing else of a packet is changed. */
function mangled(packet: FilteredPacket, body: unknown): FilteredPacket {
  const [kind, key] = entryOf(memberOf(body, 'key'))
  const value = evaluate(memberOf(body, 'value'), packet)
  if (typeof value !== 'number' || stringOf(key, 'key') !== 'mark') return packet
  return kind === 'ct' ? { ...packet, ct: { ...packet.ct, mark: value } } : { ...packet, mark: value }
}

function tablesOf({ nftables }: NftListing): Table[] {
  const tables = new Map<string, Table>()
  for (const item of nftables) {
    const [kind, body] = entryOf(item)
    const name = stringOf(body, kind === 'table' ? 'name' : 'table')
    if (stringOf(body, 'family') !== 'inet' || !ownTable.test(name)) continue
    const table = tables.get(name) ?? { name, sets: new Map(), chains: new Map() }
    tables.set(name, table)
    addTo(table, kind, body)
  }
  return [...tables.values()]
}

function addTo({ sets, chains }: Table, kind: string, body: unknown): void {
  const name = stringOf(body, 'name')
  if (kind === 'set') {
    const elements = memberOf(body, 'elem')
    sets.set(name, Array.isArray(elements) ? elements : [])
  } else if (kind === 'chain') {
    const hook = stringOf(body, 'hook')
    chains.set(name, {
      name,
      rules: [],
      hook,
      priority: Number(memberOf(body, 'prio') ?? 0),
      policy: stringOf(body, 'policy'),
    })
  } else if (kind === 'rule') {
    const statements = memberOf(body, 'expr')
    if (Array.isArray(statements)) chains.get(stringOf(body, 'chain'))?.rules.push(statements)
  }
}

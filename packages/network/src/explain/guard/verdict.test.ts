import { addressToBytes, formatAddress, makePrefix, parseAddress, prefixContains } from '@vpnext/ip'
import type { NftListing } from '@vpnext/native'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FilteredPacket, valueOf } from './expression.ts'
import { judgeMatch } from './match.ts'
import { ruleText } from './rule-text.ts'
import { guardVerdict } from './verdict.ts'

const packet: FilteredPacket = {
  family: 4,
  oifname: 'c0',
  saddr: '10.77.1.2',
  daddr: '203.0.113.80',
  mark: 0,
  skuid: 1000,
  l4proto: 'tcp',
  ct: { state: 'new', direction: 'original', mark: 0 },
}

type Statement = Readonly<Record<string, unknown>>

const match = (left: unknown, right: unknown, op = '=='): Statement => ({ match: { op, left, right } })
const daddr = { payload: { protocol: 'ip', field: 'daddr' } }
const sport = { payload: { protocol: 'tcp', field: 'sport' } }
const mark = { meta: { key: 'mark' } }

/** A ruleset of one guard: chains by name, the first one hooked into output. */
function listing(
  chains: Readonly<Record<string, Statement[][]>>,
  policy = 'accept',
  name = 'vpnext',
): NftListing {
  const of = (body: object): object => ({ family: 'inet', table: name, ...body })
  return {
    nftables: [
      { metainfo: {} },
      { table: { family: 'inet', name } },
      { set: of({ name: 'kept', elem: [{ concat: ['203.0.113.80', 443, 5000] }] }) },
      ...Object.keys(chains).map((chain, index) => ({
        chain: of({
          name: chain,
          ...(index === 0 ? { type: 'filter', hook: 'output', prio: 10, policy } : {}),
        }),
      })),
      ...Object.entries(chains).flatMap(([chain, rules]) =>
        rules.map((expr) => ({ rule: of({ chain, expr }) })),
      ),
    ],
  }
}

test('jump returns, goto does not, and the policy decides last', () => {
  const drop = [{ drop: null }]
  const away = { a: [[{ jump: { target: 'b' } }], drop], b: [[{ return: null }], [{ accept: null }]] }
  expect(guardVerdict(listing(away), packet)).toMatchObject({ kind: 'drop', chain: 'a', rule: 'drop' })
  const gone = { a: [[{ goto: { target: 'b' } }], drop], b: [[match(daddr, '9.9.9.9'), { accept: null }]] }
  expect(guardVerdict(listing(gone), packet)).toMatchObject({ kind: 'accept', chain: 'a' })
  expect(guardVerdict(listing({ a: [] }, 'drop'), packet)).toMatchObject({ kind: 'drop', chain: 'a' })
})

test('tables of others do not count, and without a guard there is none', () => {
  const rules = { a: [[{ drop: null }]] }
  expect(guardVerdict(listing(rules, 'accept', 'firewalld'), packet)).toEqual({ kind: 'none' })
  expect(guardVerdict(listing(rules, 'accept', 'vpnext-two'), packet)).toMatchObject({
    kind: 'drop',
    table: 'vpnext-two',
  })
})

test('a mark that a rule sets counts for those behind it', () => {
  const set = { mangle: { key: mark, value: { '|': [mark, 0x0100_0000] } } }
  const isSet = match({ '&': [mark, 0x0100_0000] }, 0x0100_0000)
  const rules = { a: [[set], [isSet, { reject: { type: 'tcp reset' } }]] }
  expect(guardVerdict(listing(rules), packet)).toMatchObject({ kind: 'reject', how: 'tcp reset' })
})

test('what is not known of a packet is told, unless what is known settles it', () => {
  const kept = match({ concat: [daddr, { payload: { protocol: 'tcp', field: 'dport' } }, sport] }, '@kept')
  const rules = { a: [[kept, { accept: null }], [{ drop: null }]] }
  const verdict = (more: Partial<FilteredPacket>): unknown =>
    guardVerdict(listing(rules), { ...packet, ...more })
  expect(verdict({ dport: 443, sport: 5000 })).toMatchObject({ kind: 'accept', uncertain: [] })
  expect(verdict({ dport: 443 })).toMatchObject({
    kind: 'drop',
    uncertain: ['a: ip daddr . tcp dport . tcp sport @kept accept'],
  })
  expect(verdict({ dport: 80 })).toMatchObject({ kind: 'drop', uncertain: [] })
  expect(verdict({ l4proto: 'udp' })).toMatchObject({ kind: 'drop', uncertain: [] })
  // A statement that nobody here has heard of.
  const strange = { a: [[match({ numgen: { mode: 'inc', mod: 2 } }, 0), { accept: null }], [{ drop: null }]] }
  expect(guardVerdict(listing(strange), packet)).toMatchObject({
    kind: 'drop',
    uncertain: [expect.stringMatching(/^a: /)],
  })
})

test('membership of prefixes and ranges is that of their addresses', () => {
  const address = fc.integer({ min: 0, max: 0xffff }).map((low) => `203.0.${low >> 8}.${low & 255}`)
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), address, (point, net, length, other) => {
      const [p, n, o] = [point, net, other].map((text) => parseAddress(text))
      if (p === undefined || n === undefined || o === undefined) throw new RangeError('an address is none')
      const judge = (right: unknown): unknown =>
        judgeMatch(match(daddr, right)['match'], { ...packet, daddr: point }, new Map())
      const prefix = makePrefix(n, length)
      const element = { prefix: { addr: formatAddress(prefix.address), len: length } }
      expect(judge({ set: [element] })).toBe(prefixContains(prefix, p))
      const [from, to] = [net, other].toSorted((a, b) =>
        Number((valueOf(a) as bigint) - (valueOf(b) as bigint)),
      )
      const bytes = (text = ''): Buffer => Buffer.from(addressToBytes(parseAddress(text) ?? p))
      const isWithin = bytes(from).compare(bytes(point)) <= 0 && bytes(point).compare(bytes(to)) <= 0
      expect(judge({ set: [{ range: [from, to] }] })).toBe(isWithin)
    }),
  )
})

test('rules read as nft writes them', () => {
  expect(ruleText([match({ '&': [mark, 0x0100_0000] }, 0x0100_0000), { jump: { target: 'x' } }])).toBe(
    'meta mark & 0x1000000 0x1000000 jump x',
  )
  expect(ruleText([match(daddr, { set: [{ prefix: { addr: '10.0.0.0', len: 8 } }, '9.9.9.9'] }, '!=')])).toBe(
    'ip daddr != { 10.0.0.0/8, 9.9.9.9 }',
  )
  expect(ruleText([{ reject: { type: 'icmpx', expr: 'admin-prohibited' } }])).toBe(
    'reject with icmpx admin-prohibited',
  )
  expect(ruleText([{ log: { prefix: 'x' } }])).toBe('{"log":{"prefix":"x"}}')
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyAddress, anyPrefix } from '../test/arbitraries.ts'
import {
  addressToBytes,
  comparePrefixes,
  firstAddress,
  formatPrefix,
  lastAddress,
  parseAddress,
  parsePrefix,
  type Prefix,
  prefixContains,
  PrefixTrie,
} from './index.ts'

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set' as const), prefix: anyPrefix, value: fc.nat() }),
    fc.record({ kind: fc.constant('delete' as const), prefix: anyPrefix, value: fc.nat() }),
    fc.record({ kind: fc.constant('deleteStored' as const), prefix: anyPrefix, value: fc.nat() }),
  ),
  { maxLength: 60 },
)

describe('PrefixTrie', () => {
  it('behaves as a list of prefixes searched from end to end', () => {
    fc.assert(
      fc.property(steps, fc.array(anyAddress, { maxLength: 20 }), (list, addresses) => {
        const trie = new PrefixTrie<number>()
        const model = new Map<string, [Prefix, number]>()
        for (const { kind, prefix: drawn, value } of list) {
          const prefix =
            kind === 'deleteStored' ? ([...model.values()][value % (model.size || 1)]?.[0] ?? drawn) : drawn
          const key = formatPrefix(prefix)
          if (kind === 'set') {
            trie.set(prefix, value)
            model.set(key, [prefix, value])
          }
          const deleted = kind !== 'set' && trie.delete(prefix)
          expect(deleted).toBe(kind !== 'set' && model.delete(key))
          expect(trie.get(prefix)).toBe(model.get(key)?.[1])
          expect(trie.size).toBe(model.size)
          // The same address again and again: what was found last is not remembered for longer than it is true.
          const [again] = addresses
          if (again !== undefined)
            expect(trie.lookupBytes(again.family, addressToBytes(again), 0)).toBe(trie.lookup(again))
        }
        const entries = [...model.values()].toSorted(([a], [b]) => comparePrefixes(a, b))
        expect([...trie.entries()]).toEqual(entries)
        const edges = entries.flatMap(([prefix]) => [firstAddress(prefix), lastAddress(prefix)])
        for (const address of [...addresses, ...edges]) {
          const expected = entries
            .filter(([prefix]) => prefixContains(prefix, address))
            .toSorted(([a], [b]) => b.length - a.length)[0]
          const found = trie.lookup(address)
          expect(found && [found.prefix, found.value]).toEqual(expected)
          const packet = Uint8Array.of(1, 2, 3, ...addressToBytes(address), 4)
          expect(trie.lookupBytes(address.family, packet, 3)).toBe(found)
          expect(trie.lookupBytes(address.family, packet, 3)).toBe(found)
        }
      }),
    )
  })

  it('masks host bits of what it is given', () => {
    const trie = new PrefixTrie<string>()
    trie.set({ address: { family: 4, value: 0x0a0000ffn }, length: 8 }, 'ten')
    expect([...trie.entries()].map(([prefix]) => formatPrefix(prefix))).toEqual(['10.0.0.0/8'])
  })

  it('refuses to read an address beyond the end of the packet', () => {
    const trie = new PrefixTrie<string>()
    expect(() => trie.lookupBytes(4, new Uint8Array(6), 3)).toThrow(RangeError)
    expect(() => trie.lookupBytes(6, new Uint8Array(16), -1)).toThrow(RangeError)
    expect(trie.lookupBytes(4, new Uint8Array(7), 3)).toBeUndefined()
  })

  it('holds 130,561 prefixes', () => {
    const trie = new PrefixTrie<number>()
    // Every /32 of 130,560 consecutive addresses, and the default route behind them.
    for (let index = 0; index < 130_560; index += 1) {
      trie.set({ address: { family: 4, value: 0x0a000000n + BigInt(index) }, length: 32 }, index)
    }
    const everything = parsePrefix('0.0.0.0/0')
    if (everything) trie.set(everything, -1)
    expect(trie.size).toBe(130_561)
    for (let index = 0; index < 130_560; index += 97) {
      expect(trie.lookup({ family: 4, value: 0x0a000000n + BigInt(index) })?.value).toBe(index)
    }
    const outside = parseAddress('192.0.2.1')
    expect(outside && trie.lookup(outside)?.value).toBe(-1)
  })
})

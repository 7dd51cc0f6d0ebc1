import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyAddress, anyPrefix } from '../test/arbitraries.ts'
import {
  comparePrefixes,
  firstAddress,
  formatPrefix,
  lastAddress,
  parsePrefix,
  type Prefix,
  prefixContains,
  PrefixSet,
} from './index.ts'

const prefixes = (...texts: string[]): Prefix[] =>
  texts.map((text) => parsePrefix(text)).filter((prefix) => prefix !== undefined)
const texts = (set: PrefixSet): string[] => set.toPrefixes().map((prefix) => formatPrefix(prefix))

/** The edges of the prefixes and their neighbours: where a set can be wrong. */
function probes(list: readonly Prefix[]): { family: 4 | 6; value: bigint }[] {
  return list.flatMap((prefix) => {
    const { family } = prefix.address
    const max = family === 4 ? 0xffffffffn : (1n << 128n) - 1n
    const [low, high] = [firstAddress(prefix).value, lastAddress(prefix).value]
    return [low - 1n, low, high, high + 1n]
      .filter((value) => value >= 0n && value <= max)
      .map((value) => ({ family, value }))
  })
}

const steps = fc.array(fc.record({ add: fc.boolean(), prefix: anyPrefix }), { maxLength: 30 })

describe('PrefixSet', () => {
  it('holds an address exactly when the last step about it added it', () => {
    fc.assert(
      fc.property(steps, fc.array(anyAddress, { maxLength: 10 }), (list, addresses) => {
        const set = new PrefixSet()
        for (const { add, prefix } of list) {
          if (add) set.add(prefix)
          else set.subtract(prefix)
        }
        for (const address of [...addresses, ...probes(list.map((step) => step.prefix))]) {
          const last = list.findLast((step) => prefixContains(step.prefix, address))
          expect(set.has(address)).toBe(last?.add ?? false)
        }
      }),
    )
  })

  it('subtract, then the union with what was there before, is the original', () => {
    fc.assert(
      fc.property(
        fc.array(anyPrefix, { maxLength: 20 }),
        fc.array(anyPrefix, { maxLength: 20 }),
        (list, holes) => {
          const original = PrefixSet.from(list)
          const rest = PrefixSet.from(list)
          for (const hole of holes) rest.subtract(hole)
          const removed = PrefixSet.from(list)
          for (const prefix of rest.toPrefixes()) removed.subtract(prefix)
          for (const hole of removed.toPrefixes()) expect(rest.covers(hole)).toBe(false)
          for (const prefix of removed.toPrefixes()) rest.add(prefix)
          expect(texts(rest)).toEqual(texts(original))
        },
      ),
    )
  })

  it('toPrefixes is sorted, disjoint, minimal, and the same whatever the order', () => {
    fc.assert(
      fc.property(fc.array(anyPrefix, { maxLength: 20 }), (list) => {
        const result = PrefixSet.from(list).toPrefixes()
        expect(result).toEqual(result.toSorted(comparePrefixes))
        expect(PrefixSet.from(list.toReversed()).toPrefixes()).toEqual(result)
        expect(PrefixSet.from(result).toPrefixes()).toEqual(result)
        for (const [index, prefix] of result.entries()) {
          const next = result[index + 1]
          if (next === undefined || next.address.family !== prefix.address.family) continue
          expect(lastAddress(prefix).value).toBeLessThan(next.address.value)
          // Two halves of one prefix would have been written as that prefix.
          const parent = parsePrefix(
            `${formatPrefix(prefix).split('/')[0]}/${Math.max(prefix.length - 1, 0)}`,
          )
          const halves =
            prefix.length === next.length && parent !== undefined && prefixContains(parent, next.address)
          expect(halves && lastAddress(prefix).value + 1n === next.address.value).toBe(false)
        }
      }),
    )
  })

  it('covers a prefix exactly when subtracting the set leaves nothing of it', () => {
    fc.assert(
      fc.property(fc.array(anyPrefix, { maxLength: 20 }), anyPrefix, (list, prefix) => {
        const rest = PrefixSet.from([prefix])
        for (const other of list) rest.subtract(other)
        expect(PrefixSet.from(list).covers(prefix)).toBe(rest.isEmpty())
      }),
    )
  })

  it.each([
    [['10.0.0.0/9', '10.128.0.0/9'], [], ['10.0.0.0/8']],
    [['0.0.0.0/0'], ['0.0.0.0/0'], []],
    [['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'], [], ['0.0.0.0/0', '::/0']],
    [['10.0.0.0/30'], ['10.0.0.1/32'], ['10.0.0.0/32', '10.0.0.2/31']],
    [['255.255.255.255/32'], [], ['255.255.255.255/32']],
    [['::/0'], ['8000::/1'], ['::/1']],
  ])('%j without %j is %j', (added, subtracted, expected) => {
    const set = PrefixSet.from(prefixes(...added))
    for (const prefix of prefixes(...subtracted)) set.subtract(prefix)
    expect(texts(set)).toEqual(expected)
  })

  it('takes ten thousand prefixes and as many holes in each family', () => {
    for (const family of [4, 6] as const) {
      const shift = family === 4 ? 16n : 112n
      const list = Array.from({ length: 10_000 }, (_, index): Prefix => {
        // 7919 is prime to 16384: a scattered order, so that insertion happens in the middle.
        const address = { family, value: BigInt((index * 7919) % 16_384) << (shift - 2n) }
        return { address, length: 20 }
      })
      const set = PrefixSet.from(list)
      for (const { address } of list) set.subtract({ address, length: family === 4 ? 24 : 64 })
      expect(set.toPrefixes().length).toBeGreaterThan(10_000)
      for (const prefix of set.toPrefixes()) set.subtract(prefix)
      expect(set.isEmpty()).toBe(true)
    }
  })
})

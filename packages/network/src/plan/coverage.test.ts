import { type Address, makePrefix, parsePrefix, type Prefix, prefixContains } from '@vpnext/ip'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { coveredPrefixes, coversEverything } from './coverage.ts'

const prefixIn = (bits: number): fc.Arbitrary<Prefix> =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 255n }), fc.integer({ min: 24, max: 24 + bits }))
    .map(([value, length]) => makePrefix({ family: 4, value: 0x0a00_0000n + value }, length))

/** The routing table, one destination at a time: the longest prefix decides, of equal ones the exclusion. */
function goesIntoTunnel(address: Address, included: readonly Prefix[], excluded: readonly Prefix[]): boolean {
  const longest = (prefixes: readonly Prefix[]): number =>
    Math.max(-1, ...prefixes.filter((prefix) => prefixContains(prefix, address)).map(({ length }) => length))
  return longest(included) > longest(excluded)
}

test('a destination is covered exactly when the routing table sends it into the tunnel', () => {
  fc.assert(
    fc.property(
      fc.array(prefixIn(8), { maxLength: 6 }),
      fc.array(prefixIn(8), { maxLength: 6 }),
      (included, excluded) => {
        const covered = coveredPrefixes(included, excluded)
        for (let value = 0x0a00_0000n; value < 0x0a00_0100n; value += 1n) {
          const address: Address = { family: 4, value }
          const hits = covered.filter((prefix) => prefixContains(prefix, address)).length
          expect(hits).toBe(goesIntoTunnel(address, included, excluded) ? 1 : 0)
        }
      },
    ),
  )
})

test('the default route is captured by one prefix or by all its parts', () => {
  const all = (...texts: string[]): Prefix[] => texts.map((text) => parsePrefix(text)!)
  expect(coversEverything(4, all('0.0.0.0/0'))).toBe(true)
  expect(coversEverything(4, all('0.0.0.0/1', '128.0.0.0/1'))).toBe(true)
  expect(coversEverything(4, all('0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3', '224.0.0.0/4'))).toBe(false)
  expect(coversEverything(6, all('0.0.0.0/0'))).toBe(false)
  expect(coversEverything(6, all('::/1', '8000::/1'))).toBe(true)
})

import { BlockList } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyAddress, anyPrefix } from '../test/arbitraries.ts'
import {
  addressWidth,
  comparePrefixes,
  firstAddress,
  formatAddress,
  formatPrefix,
  lastAddress,
  makePrefix,
  parseAddress,
  parsePrefix,
  prefixContains,
  prefixCovers,
  prefixEquals,
} from './index.ts'

describe('prefixes', () => {
  it('parsePrefix undoes formatPrefix', () => {
    fc.assert(
      fc.property(anyPrefix, (prefix) => {
        expect(parsePrefix(formatPrefix(prefix))).toEqual(prefix)
      }),
    )
  })

  it.each([
    ['10.0.0.10/24', '10.0.0.0/24'],
    ['10.0.0.0/0', '0.0.0.0/0'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['2001:db8::1/32', '2001:db8::/32'],
    ['fe80::1/0', '::/0'],
  ])('%s is %s', (text, expected) => {
    const prefix = parsePrefix(text)
    expect(prefix && formatPrefix(prefix)).toBe(expected)
  })

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '/8',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10/8',
    '1.2.3.4/1e1',
  ])('%j is no prefix', (text) => expect(parsePrefix(text)).toBeUndefined())

  it.each([-1, 33, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'makePrefix refuses the length %d',
    (length) => {
      expect(() => makePrefix({ family: 4, value: 0n }, length)).toThrow(RangeError)
    },
  )

  it('prefixContains agrees with BlockList of node:net', () => {
    let contained = 0
    fc.assert(
      fc.property(anyPrefix, anyAddress, (prefix, address) => {
        const list = new BlockList()
        list.addSubnet(formatAddress(prefix.address), prefix.length, `ipv${prefix.address.family}`)
        // BlockList takes mapped addresses for IPv4; here they are not.
        const expected =
          prefix.address.family === address.family &&
          list.check(formatAddress(address), `ipv${address.family}`)
        if (expected) contained += 1
        expect(prefixContains(prefix, address)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
    expect(contained).toBeGreaterThan(100)
  })

  it('a prefix contains its first and last address and not their outer neighbours', () => {
    fc.assert(
      fc.property(anyPrefix, (prefix) => {
        const [first, last] = [firstAddress(prefix), lastAddress(prefix)]
        expect(prefixContains(prefix, first) && prefixContains(prefix, last)).toBe(true)
        expect(last.value - first.value + 1n).toBe(1n << BigInt(addressWidth(first.family) - prefix.length))
        const neighbours = [first.value - 1n, last.value + 1n].filter((value) => value >= 0n)
        for (const value of neighbours) {
          expect(prefixContains(prefix, { family: first.family, value })).toBe(false)
        }
      }),
    )
  })

  it('prefixCovers means containing first and last address', () => {
    fc.assert(
      fc.property(anyPrefix, anyPrefix, (a, b) => {
        expect(prefixCovers(a, b)).toBe(
          prefixContains(a, firstAddress(b)) && prefixContains(a, lastAddress(b)),
        )
        expect(prefixEquals(a, b)).toBe(prefixCovers(a, b) && prefixCovers(b, a))
        expect(comparePrefixes(a, b) === 0).toBe(prefixEquals(a, b))
      }),
    )
  })

  it('keeps mapped addresses and IPv4 apart', () => {
    const mapped = parseAddress('::ffff:10.0.0.1')
    const prefix = parsePrefix('10.0.0.0/8')
    expect(prefix && mapped && prefixContains(prefix, mapped)).toBe(false)
  })
})

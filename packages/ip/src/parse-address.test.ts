import { isIP } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressLikeText, anyAddress } from '../test/arbitraries.ts'
import { addressFromBytes, addressToBytes, compareAddresses, formatAddress, parseAddress } from './index.ts'

describe('parseAddress', () => {
  it('accepts exactly what node:net accepts, zones aside', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(addressLikeText, (text) => {
        // node:net allows a zone, inet_pton does not.
        const family = text.includes('%') ? 0 : isIP(text)
        seen[family === 0 ? 'refused' : 'accepted'] += 1
        expect(parseAddress(text)?.family ?? 0).toBe(family)
      }),
      { numRuns: 20_000 },
    )
    expect(seen.accepted).toBeGreaterThan(2000)
    expect(seen.refused).toBeGreaterThan(2000)
  })

  it.each([
    ['0.0.0.0', 4, 0n],
    ['255.255.255.255', 4, 0xffffffffn],
    ['10.0.0.5', 4, 0x0a000005n],
    ['::', 6, 0n],
    ['::1', 6, 1n],
    ['1::', 6, 1n << 112n],
    ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n],
    ['::2:3:4:5:6:7:8', 6, 0x00000002000300040005000600070008n],
    ['::FFFF:1.2.3.4', 6, 0xffff01020304n],
    ['2001:db8:0:0:8:800:200c:417a', 6, 0x20010db80000000000080800200c417an],
  ] as const)('reads %s', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value })
  })

  it.each([
    '',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '127.1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '0x7f.0.0.1',
    '256.0.0.1',
    '1.2.3.4/24',
    '1.2.3.4:80',
    '٣.2.3.4',
    '1.2.3.4\0',
    ':',
    ':::',
    '1:::2',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '[::1]',
    '::1/64',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::ffff:01.2.3.4',
    '1'.repeat(1_000_000),
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined()
  })
})

describe('formatAddress', () => {
  it('is undone by parseAddress', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address)
      }),
    )
  })

  it('writes IPv6 as the URL standard does, mapped addresses aside', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseAddress(text)
        fc.pre(address !== undefined && address.value >> 32n !== 0xffffn)
        expect(`[${formatAddress(address)}]`).toBe(new URL(`http://[${text}]/`).hostname)
      }),
    )
  })

  // RFC 5952 sections 4 and 5.
  it.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::ffff:c000:0201', '::ffff:192.0.2.1'],
    ['::1.2.3.4', '::102:304'],
    ['192.0.2.1', '192.0.2.1'],
  ])('writes %s as %s', (text, expected) => {
    const address = parseAddress(text)
    expect(address && formatAddress(address)).toBe(expected)
  })
})

describe('addressToBytes', () => {
  it('is undone by addressFromBytes', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(addressFromBytes(addressToBytes(address))).toEqual(address)
      }),
    )
  })

  it('writes network order', () => {
    expect([...addressToBytes({ family: 4, value: 0x0a010203n })]).toEqual([10, 1, 2, 3])
    expect([...addressToBytes({ family: 6, value: 0x0102n })]).toEqual([...Array<number>(14).fill(0), 1, 2])
  })

  it.each([0, 3, 5, 15, 17])('%i bytes are no address', (length) => {
    expect(() => addressFromBytes(new Uint8Array(length))).toThrow(RangeError)
  })
})

describe('compareAddresses', () => {
  it('orders as the bytes do, IPv4 first', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        const bytes = Math.sign(a.family - b.family) || Buffer.compare(addressToBytes(a), addressToBytes(b))
        expect(Math.sign(compareAddresses(a, b))).toBe(bytes)
      }),
    )
  })
})

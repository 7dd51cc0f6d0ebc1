import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { declare } from '../libc.ts'
import { AF_INET, AF_INET6, ipFamilyOf, readIp, writeIp } from './ip-text.ts'
import type { IpFamily } from './route/objects.ts'

/** The C library as the oracle. */
const inetPton = declare<[number, string, Uint8Array], number>('int inet_pton(int, const char *, void *)')

function libcBytes(text: string, family: IpFamily): Uint8Array | undefined {
  const bytes = new Uint8Array(family === 4 ? 4 : 16)
  return inetPton(family === 4 ? AF_INET : AF_INET6, text, bytes) === 1 ? bytes : undefined
}

function ourBytes(text: string, family: IpFamily): Uint8Array | undefined {
  // Not zero: what is written must not depend on what was there.
  const bytes = new Uint8Array(family === 4 ? 4 : 16).fill(0xaa)
  return writeIp(bytes, 0, text, family) ? bytes : undefined
}

const addressText = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4().map((v4) => `::ffff:${v4}`),
)

test('an address text is read as inet_pton reads it', () => {
  fc.assert(
    fc.property(addressText, (text) => {
      const family = ipFamilyOf(text)
      expect(ourBytes(text, family)).toEqual(libcBytes(text, family))
    }),
    { numRuns: 1000 },
  )
})

test('what is nearly an address is refused exactly where inet_pton refuses it', () => {
  const nearly = fc
    .tuple(
      addressText,
      fc.nat(40),
      fc.constantFrom('', ':', '.', '0', 'f', 'g', '%', ' ', '/', '::', '1.2.3.4'),
    )
    .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1))
  fc.assert(
    fc.property(nearly, fc.constantFrom<IpFamily>(4, 6), (text, family) => {
      expect(ourBytes(text, family)).toEqual(libcBytes(text, family))
    }),
    { numRuns: 3000 },
  )
})

test('address bytes become the shortest text, which is read back as the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(0xffff), (bytes, zeroGroups) => {
      for (let i = 0; i < 8; i++) if ((zeroGroups >> i) & 1) bytes.fill(0, i * 2, i * 2 + 2)
      const text = readIp(bytes, 0, 6)
      expect(ourBytes(text, 6)).toEqual(bytes)
      // WHATWG URLs write IPv6 as RFC 5952 does, apart from the dotted quads.
      const standard = text.includes('.') ? `[${text}]` : new URL(`http://[${text}]`).hostname
      expect(standard).toBe(`[${text}]`)
    }),
    { numRuns: 1000 },
  )
})

test('an IPv4-mapped address is written with a dotted quad', () => {
  expect(readIp(libcBytes('::ffff:192.0.2.1', 6) ?? new Uint8Array(), 0, 6)).toBe('::ffff:192.0.2.1')
  expect(readIp(libcBytes('::192.0.2.1', 6) ?? new Uint8Array(), 0, 6)).toBe('::c000:201')
})

import { expect, test } from 'vitest'
import { nat64Addresses } from './nat64.ts'

test('the well-known prefix, and what else a name server says beside it', () => {
  const found = ['192.0.0.170', '192.0.0.171', '64:ff9b::c000:aa', '64:ff9b::c000:ab']
  expect(nat64Addresses(found, '192.0.2.33')).toEqual(['64:ff9b::c000:221'])
})

// RFC 6052 section 2.4, table 1, whose addresses are those of 192.0.2.33.
test.each([
  ['2001:db8:c000:aa::', '2001:db8:c000:221::'],
  ['2001:db8:1c0:0:aa::', '2001:db8:1c0:2:21::'],
  ['2001:db8:122:c000:0:aa00::', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:3c0:0:aa::', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344:c0:0:aa00:0', '2001:db8:122:344:c0:2:2100:0'],
  ['2001:db8:122:344::c000:aa', '2001:db8:122:344::c000:221'],
])('a prefix of any length: %s', (found, translated) => {
  expect(nat64Addresses([found], '192.0.2.33')).toEqual([translated])
})

test.each([
  ['a name server that translates nothing', ['192.0.0.170', '192.0.0.171'], '192.0.2.1'],
  ['one that gives everybody its own address', ['2001:db8::1'], '192.0.2.1'],
  ['what is no address', ['ipv4only.arpa', ''], '192.0.2.1'],
  ['a byte that must be zero', ['2001:db8:122:344:1234::c000:aa'], '192.0.2.1'],
  ['an address that needs no translation', ['64:ff9b::c000:aa'], '2001:db8::1'],
])('%s gives none', (_what, found, ipv4) => {
  expect(nat64Addresses(found, ipv4)).toEqual([])
})

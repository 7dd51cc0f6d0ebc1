import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { X25519PrivateKey, X25519PublicKey } from './x25519.ts'

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')
const agree = (scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined =>
  X25519PrivateKey.fromBytes(scalar).agree(new X25519PublicKey(point))

test.each([
  [
    'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
    'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  ],
  [
    '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
    'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
    '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
  ],
])('multiplies as RFC 7748 section 5.2 does: %s', (scalar, point, product) => {
  expect(hexOf(agree(bytesOf(scalar), bytesOf(point)))).toBe(product)
})

test('iterates to the values of RFC 7748 section 5.2', () => {
  let k = new Uint8Array(32)
  k[0] = 9
  let u = k
  for (let step = 1; step <= 1000; step += 1) {
    const product = agree(k, u)
    if (product === undefined) throw new Error(`no product at step ${step}`)
    u = k
    k = Uint8Array.from(product)
    if (step === 1) expect(hexOf(k)).toBe('422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079')
  }
  expect(hexOf(k)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51')
}, 30_000)

test('agrees as in RFC 7748 section 6.1', () => {
  const [a, b] = [
    '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
    '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  ].map((hex) => X25519PrivateKey.fromBytes(bytesOf(hex)))
  if (a === undefined || b === undefined) throw new Error('unreachable')
  expect([a, b].map(({ publicKey }) => hexOf(publicKey.bytes))).toEqual([
    '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
  ])
  const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
  expect([hexOf(a.agree(b.publicKey)), hexOf(b.agree(a.publicKey))]).toEqual([shared, shared])
})

// The points of order 1, 2, 4 and 8, canonical and not (https://cr.yp.to/ecdh.html#validate); the last four with the top bit
// set, which RFC 7748 section 5 ignores.
test.each([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
])('agrees with nobody on the low-order point %s', (point) => {
  const key = X25519PrivateKey.generate()
  expect(key.agree(X25519PrivateKey.generate().publicKey)).toHaveLength(32)
  expect(key.agree(new X25519PublicKey(bytesOf(point)))).toBeUndefined()
})

test('refuses keys of other lengths and does not show its secret', () => {
  expect(() => X25519PrivateKey.fromBytes(new Uint8Array(31))).toThrow(RangeError)
  expect(() => new X25519PublicKey(new Uint8Array(33))).toThrow(RangeError)
  const secret = new Uint8Array(32).fill(0x5a)
  const shown = inspect(X25519PrivateKey.fromBytes(secret), { showHidden: true, depth: 9 })
  expect(shown).not.toMatch(/5a, ?5a|90, ?90|WlpaW/)
})

import { blake2s } from '@noble/hashes/blake2.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac as nobleHmac } from '@noble/hashes/hmac.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveKeys, hash, hmac, mac } from './blake2s.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('hashes "abc" as RFC 7693 appendix B does', () => {
  expect(hex(hash(Buffer.from('abc')))).toBe(
    '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982',
  )
  expect(hash(Buffer.from('a'), Buffer.from('bc'))).toEqual(hash(Buffer.from('abc')))
})

test('passes the self-test of RFC 7693 appendix E, with and without key, for all lengths', () => {
  const grand = blake2s.create({ dkLen: 32 })
  for (const length of [16, 20, 28, 32]) {
    for (const inputLength of [0, 3, 64, 65, 255, 1024]) {
      const input = selfTestSequence(inputLength, inputLength)
      grand.update(length === 32 ? hash(input) : blake2s(input, { dkLen: length }))
      grand.update(mac(selfTestSequence(length, length), input, length))
    }
  }
  expect(hex(grand.digest())).toBe('6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe')
})

test('HMAC and KDF agree with an independent HMAC and HKDF', () => {
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 200 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes, (key, input) => {
      expect(hex(hmac(key, input))).toBe(hex(nobleHmac(blake2s, key, input)))
      const expected = hkdf(blake2s, input, key, new Uint8Array(0), 96)
      for (const count of [1, 2, 3] as const) {
        expect(hex(Buffer.concat(deriveKeys(key, input, count)))).toBe(hex(expected.subarray(0, 32 * count)))
      }
    }),
  )
})

/** selftest_seq of RFC 7693 appendix E: a Fibonacci generator. */
function selfTestSequence(length: number, seed: number): Uint8Array {
  let a = Math.imul(0xdead4bad, seed)
  let b = 1
  return Uint8Array.from({ length }, () => {
    const next = (a + b) | 0
    a = b
    b = next
    return next >>> 24
  })
}

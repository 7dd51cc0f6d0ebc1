import { format, inspect } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeKey, encodeKey } from './key-text.ts'
import { clampKey, generatePresharedKey, generatePrivateKey, publicKeyOf } from './key-tools.ts'
import { SecretKey } from './secret-key.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('keys go through base64 unchanged, and only one text stands for each', () => {
  fc.assert(
    fc.property(
      key,
      fc.nat({ max: 43 }),
      fc.constantFrom('A', 'Z', 'a', '9', '+', '/', '=', '-', '_', ' ', '\n'),
      (bytes, at, character) => {
        const text = encodeKey(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(decodeKey(text)).toEqual(bytes)
        const other = text.slice(0, at) + character + text.slice(at + 1)
        const decoded = decodeKey(other)
        if (decoded !== undefined) expect(encodeKey(decoded)).toBe(other)
      },
    ),
  )
})

test.each([
  ['', 'nothing'],
  ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'no padding'],
  ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=', 'a bit beyond 32 bytes'],
  ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '33 bytes'],
  [' AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'a blank'],
  ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n', 'a line end'],
  ['AAAAAAAAAAAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAAAA=', 'base64url'],
])('%j is no key: %s', (text) => {
  expect(decodeKey(text)).toBeUndefined()
  expect(SecretKey.parse(text)).toBeUndefined()
})

test('public keys are those of RFC 7748 section 6.1', () => {
  const secret = Buffer.from('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a', 'hex')
  const expected = Buffer.from('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a', 'hex')
  expect(publicKeyOf(new SecretKey(secret))).toBe(expected.toString('base64'))
})

test('new private keys are clamped, new preshared keys are not, and none comes twice', () => {
  const privates = Array.from({ length: 64 }, () => generatePrivateKey().bytes)
  for (const bytes of privates) expect([(bytes[0] ?? 0) & 7, (bytes[31] ?? 0) & 192]).toEqual([0, 64])
  const shared = Array.from({ length: 64 }, () => generatePresharedKey().bytes)
  expect(shared.some((bytes) => ((bytes[0] ?? 0) & 7) !== 0)).toBe(true)
  expect(new Set([...privates, ...shared].map(encodeKey)).size).toBe(128)
})

test('clamping does not change the public key', () => {
  fc.assert(
    fc.property(key, (bytes) => {
      const clamped = Uint8Array.from(bytes)
      clampKey(clamped)
      expect(publicKeyOf(new SecretKey(clamped))).toBe(publicKeyOf(new SecretKey(bytes)))
    }),
    { numRuns: 10 },
  )
})

test('no way of printing shows a secret key', () => {
  const secret = new SecretKey(new Uint8Array(32).fill(0x41))
  const shown = [
    inspect(secret, { showHidden: true, depth: 5 }),
    format('%s %o %O %j', secret, secret, secret, secret),
    JSON.stringify({ secret }),
    secret.toString(),
    Object.entries(secret).join(),
  ].join('\n')
  expect(shown).toContain('[secret key]')
  expect(shown).not.toMatch(/QUFB|AAAA|4141|65, ?65/)
  expect(secret.reveal()).toMatch(/^QUFB/)
})

test('a wiped key is gone', () => {
  const secret = generatePresharedKey()
  const bytes = secret.bytes
  expect(bytes.some((byte) => byte !== 0)).toBe(true)
  secret.wipe()
  expect(bytes).toEqual(new Uint8Array(32))
  expect(() => secret.bytes).toThrow('wiped')
  expect(() => secret.reveal()).toThrow('wiped')
})

import { createCipheriv } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openExtended, sealExtended } from './cookie-aead.ts'
import { open, seal } from './handshake-aead.ts'

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'))
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const sunscreen = Buffer.from(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
)
const key = bytesOf('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f')
const additional = bytesOf('50515253c0c1c2c3c4c5c6c7')

test('both ChaCha20-Poly1305 in use give the result of RFC 8439 section 2.8.2', () => {
  const nonce = bytesOf('070000004041424344454647')
  const expected = `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6
    3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36
    92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc
    3ff4def08e4b7a9de576d26586cec64b6116 1ae10b594f09e26a7e902ecbd0600691`.replace(/\s/g, '')
  expect(hexOf(chacha20poly1305(key, nonce, additional).encrypt(sunscreen))).toBe(expected)
  const node = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
  node.setAAD(additional, { plaintextLength: sunscreen.length })
  const sealed = Buffer.concat([node.update(sunscreen), node.final(), node.getAuthTag()])
  expect(hexOf(sealed)).toBe(expected)
})

test('handshake fields are sealed as by an independent implementation, and opened unless changed', () => {
  const bytes = (max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: max })
  const keys = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(
      keys,
      bytes(64),
      bytes(64),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (k, plain, aad, at, flip) => {
        const sealed = seal(k, plain, aad)
        expect(hexOf(sealed)).toBe(hexOf(chacha20poly1305(k, new Uint8Array(12), aad).encrypt(plain)))
        expect(hexOf(open(k, sealed, aad) ?? Buffer.from('not opened'))).toBe(hexOf(plain))
        sealed[at % sealed.length] = (sealed[at % sealed.length] ?? 0) ^ flip
        expect(open(k, sealed, aad)).toBeUndefined()
      },
    ),
  )
  expect(open(key, new Uint8Array(15), additional)).toBeUndefined()
})

test('cookies are sealed as in draft-irtf-cfrg-xchacha-03 appendix A.3.1', () => {
  const nonce = bytesOf('404142434445464748494a4b4c4d4e4f5051525354555657')
  const sealed = sealExtended(key, nonce, sunscreen, additional)
  expect(hexOf(sealed)).toBe(
    `bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
     731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
     2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
     21f9664c97637da9768812f615c68b13b52e c0875924c1c7987947deafd8780acf49`.replace(/\s/g, ''),
  )
  expect(hexOf(openExtended(key, nonce, sealed, additional) ?? new Uint8Array(0))).toBe(hexOf(sunscreen))
  for (const at of [0, sealed.length - 1]) {
    const forged = Uint8Array.from(sealed)
    forged[at] = (forged[at] ?? 0) ^ 1
    expect(openExtended(key, nonce, forged, additional)).toBeUndefined()
  }
})

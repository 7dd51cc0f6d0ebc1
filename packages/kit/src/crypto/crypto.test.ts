import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { cryptoNamespace } from './crypto-namespace.ts'

type Call = (...args: unknown[]) => unknown
type Methods = Record<string, Call>
const crypto = cryptoNamespace() as Methods
const make = (name: string, ...args: unknown[]): Methods => crypto[name]?.(...args) as Methods
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const bytes = (text: string): { data: Uint8Array } => ({ data: new TextEncoder().encode(text) })
const hex = (text: string): { data: Uint8Array } => ({ data: new Uint8Array(Buffer.from(text, 'hex')) })
const shown = (value: unknown): string => Buffer.from((value as { data: Uint8Array }).data).toString('hex')

test('random bytes differ, and are as many as asked for', async () => {
  const random = make('createRandom')
  const [one, other] = [random['generateRandomSync']?.(16), await random['generateRandom']?.(16)]
  expect([shown(one).length, shown(one) === shown(other)]).toEqual([32, false])
  expect(() => random['generateRandomSync']?.(0)).toThrow(code(401))
  random['setSeed']?.(bytes('x'))
  expect(() => random['setSeed']?.('x')).toThrow(code(401))
})

test('digests and HMAC are those of others', async () => {
  for (const [name, theirs] of [
    ['MD5', 'md5'],
    ['SHA1', 'sha1'],
    ['SHA256', 'sha256'],
    ['SHA512', 'sha512'],
    ['SM3', 'sm3'],
  ] as const) {
    const md = make('createMd', name)
    await md['update']?.(bytes('a'))
    md['updateSync']?.(bytes('bc'))
    const expected = createHash(theirs).update('abc').digest('hex')
    expect(shown(await md['digest']?.())).toBe(expected)
    expect(md['getMdLength']?.()).toBe(expected.length / 2)
    const key = make('createSymKeyGenerator', 'HMAC')['convertKeySync']?.(bytes('key'))
    const mac = make('createMac', { algName: 'HMAC', mdName: name })
    mac['initSync']?.(key)
    mac['updateSync']?.(bytes('abc'))
    expect(shown(mac['doFinalSync']?.())).toBe(createHmac(theirs, 'key').update('abc').digest('hex'))
  }
  // FIPS 180-2, appendix B.1.
  const md = make('createMd', 'SHA256')
  md['updateSync']?.(bytes('abc'))
  expect(shown(md['digestSync']?.())).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(() => make('createMd', 'NONE')).toThrow(code(801))
  expect(() => make('createMd')).toThrow(code(401))
  const mac = make('createMac', 'SHA256')
  expect(() => mac['updateSync']?.(bytes('x'))).toThrow(code(17630001))
  expect(() => mac['init']?.('key')).toThrow(code(401))
})

test.each([
  ['AES128|CBC|PKCS7', 'AES128', 16],
  ['AES256|CBC|NoPadding', 'AES256', 16],
  ['AES192|CTR|NoPadding', 'AES192', 16],
  ['AES256|ECB|PKCS5', 'AES256', 0],
  ['AES128|OFB|NoPadding', 'AES128', 16],
  ['AES128|CFB8|NoPadding', 'AES128', 16],
  ['SM4_128|CBC|PKCS7', 'SM4_128', 16],
  ['3DES192|CBC|PKCS7', '3DES192', 8],
  ['3DES192|ECB|PKCS7', '3DES192', 0],
])('%s: what was encrypted is decrypted', (transformation, keyName, ivBytes) => {
  const key = make('createSymKeyGenerator', keyName)['generateSymKeySync']?.()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (text) => {
      const data = transformation.endsWith('NoPadding')
        ? text.subarray(0, text.length - (text.length % 16))
        : text
      const parameters =
        ivBytes === 0 ? null : { algName: 'IvParamsSpec', iv: { data: new Uint8Array(ivBytes).fill(7) } }
      const run = (mode: number, input: Uint8Array): Uint8Array => {
        const cipher = make('createCipher', transformation)
        cipher['initSync']?.(mode, key, parameters)
        const middle = Math.floor(input.length / 2)
        const first = cipher['updateSync']?.({ data: input.subarray(0, middle) }) as {
          data: Uint8Array
        } | null
        const last = cipher['doFinalSync']?.({ data: input.subarray(middle) }) as { data: Uint8Array } | null
        return new Uint8Array([...(first?.data ?? []), ...(last?.data ?? [])])
      }
      expect(run(1, run(0, data))).toEqual(new Uint8Array(data))
    }),
  )
})

test('GCM gives its tag at the end, and refuses another; the figures are those of the specification', async () => {
  // The Galois/Counter Mode of Operation (McGrew, Viega), test case 4.
  const key = make('createSymKeyGenerator', 'AES128')['convertKeySync']?.(
    hex('feffe9928665731c6d6a8f9467308308'),
  )
  const plain = hex(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  )
  const spec = {
    algName: 'GcmParamsSpec',
    iv: hex('cafebabefacedbaddecaf888'),
    aad: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
    authTag: hex('5bc94fbc3221a5db94fae95ae7121a47'),
  }
  const encrypted =
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091'
  const cipher = make('createCipher', 'AES128|GCM|NoPadding')
  await cipher['init']?.(0, key, spec)
  expect(shown(await cipher['update']?.(plain))).toBe(encrypted)
  expect(shown(await cipher['doFinal']?.(null))).toBe(shown(spec.authTag))
  cipher['initSync']?.(1, key, spec)
  expect(shown(cipher['doFinalSync']?.(hex(encrypted)))).toBe(shown(plain))
  cipher['initSync']?.(1, key, { ...spec, authTag: hex('00'.repeat(16)) })
  await expect(cipher['doFinal']?.(hex(encrypted))).rejects.toThrow(code(17630001))
  expect(() => cipher['initSync']?.(1, key, { ...spec, authTag: hex('00') })).toThrow(code(401))
  const heard = await new Promise((resolve) =>
    make('createCipher', 'AES128|GCM|NoPadding')['init']?.(0, key, spec, resolve),
  )
  expect(heard).toBeUndefined()
})

test('keys: their bytes, until they are cleared, and nothing for a log', () => {
  const generator = make('createSymKeyGenerator', 'AES256')
  const key = generator['convertKeySync']?.({ data: new Uint8Array(32).fill(65) }) as Methods
  expect(shown(key['getEncoded']?.())).toBe('41'.repeat(32))
  expect(JSON.stringify(key)).not.toContain('65')
  expect(() => generator['convertKeySync']?.({ data: new Uint8Array(31) })).toThrow(code(401))
  key['clearMem']?.()
  expect(() => key['getEncoded']?.()).toThrow(code(17630001))
  expect(() => make('createSymKeyGenerator', 'RSA1024')).toThrow(code(801))
  expect(() => make('createCipher', 'AES128|GCM|NoPadding')['updateSync']?.(bytes('x'))).toThrow(
    code(17630001),
  )
  expect(() => make('createCipher', 'AES128|XTS|NoPadding')).toThrow(code(801))
})

test('derived keys are those of the RFCs', async () => {
  // RFC 7914, sections 11 and 12; RFC 5869, test case 1.
  const pbkdf2 = {
    algName: 'PBKDF2',
    password: 'passwd',
    salt: bytes('salt').data,
    iterations: 1,
    keySize: 64,
  }
  expect(shown(await make('createKdf', 'PBKDF2|SHA256')['generateSecret']?.(pbkdf2))).toBe(
    '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
  )
  const hkdf = {
    algName: 'HKDF',
    key: hex('0b'.repeat(22)).data,
    salt: hex('000102030405060708090a0b0c').data,
    info: hex('f0f1f2f3f4f5f6f7f8f9').data,
    keySize: 42,
  }
  expect(shown(make('createKdf', 'HKDF|SHA256')['generateSecretSync']?.(hkdf))).toBe(
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  )
  const scrypt = { algName: 'SCRYPT', passphrase: '', salt: new Uint8Array(), n: 16, r: 1, p: 1, keySize: 64 }
  expect(shown(make('createKdf', 'SCRYPT')['generateSecretSync']?.(scrypt))).toBe(
    '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  )
  expect(() => make('createKdf', 'HKDF|SHA256')['generateSecret']?.(pbkdf2)).toThrow(code(401))
})

import { constants, createPublicKey, createVerify } from 'node:crypto'
import { expect, test } from 'vitest'

import { cryptoNamespace } from './crypto-namespace.ts'

type Call = (...args: unknown[]) => unknown
type Methods = Record<string, Call>
const crypto = cryptoNamespace() as Methods
const make = (name: string, ...args: unknown[]): Methods => crypto[name]?.(...args) as Methods
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const hex = (text: string): { data: Uint8Array } => ({ data: new Uint8Array(Buffer.from(text, 'hex')) })
const bytes = (text: string): { data: Uint8Array } => ({ data: new TextEncoder().encode(text) })
const shown = (value: unknown): string => Buffer.from((value as { data: Uint8Array }).data).toString('hex')
const pairOf = (value: unknown): { pubKey: Methods; priKey: Methods } =>
  value as { pubKey: Methods; priKey: Methods }

test.each([
  ['RSA1024', 'RSA1024|PKCS1|SHA256'],
  ['RSA1024', 'RSA|PKCS1|SHA512'],
  ['RSA1024|PRIMES_2', 'RSA1024|PRIMES_2|PSS|SHA256|MGF1_SHA256'],
  ['ECC256', 'ECC256|SHA256'],
  ['ECC384', 'ECC|SHA384'],
])('%s, %s: what was signed in parts is right, and nothing else', async (keyName, name) => {
  const pair = pairOf(await make('createAsyKeyGenerator', keyName)['generateKeyPair']?.())
  const sign = make('createSign', name)
  await sign['init']?.(pair.priKey)
  await sign['update']?.(bytes('one '))
  sign['updateSync']?.(bytes('two '))
  const signature = await sign['sign']?.(bytes('three'))
  const right = async (data: unknown, key: unknown = pair.pubKey): Promise<unknown> => {
    const verify = make('createVerify', name)
    await verify['init']?.(key)
    return verify['verify']?.(data, signature)
  }
  expect(await right(bytes('one two three'))).toBe(true)
  expect(await right(bytes('one two four'))).toBe(false)
  expect(await right(null)).toBe(false)
  const other = pairOf(make('createAsyKeyGenerator', keyName)['generateKeyPairSync']?.())
  expect(await right(bytes('one two three'), other.pubKey)).toBe(false)
  const inParts = make('createVerify', name)
  inParts['initSync']?.(pair.pubKey)
  inParts['updateSync']?.(bytes('one two '))
  expect(inParts['verifySync']?.(bytes('three'), signature)).toBe(true)
  // OpenSSL by itself finds it right, too.
  const [, digest = ''] = /(SHA\d+)$/.exec(name) ?? []
  const key = createPublicKey(String(pair.pubKey['getEncodedPem']?.('X509')))
  const theirs = createVerify(digest).update('one two three')
  const padding = name.includes('PSS') ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {}
  expect(theirs.verify({ key, ...padding }, Buffer.from(shown(signature), 'hex'))).toBe(true)
})

test('Ed25519 signs as RFC 8032 says, and takes its message at once', async () => {
  // Section 7.1, test 2.
  const generator = make('createAsyKeyGenerator', 'Ed25519')
  const pair = pairOf(
    generator['convertKeySync']?.(
      hex('302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
      hex('302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
    ),
  )
  const sign = make('createSign', 'Ed25519')
  sign['initSync']?.(pair.priKey)
  await expect(sign['update']?.(hex('72'))).rejects.toThrow(code(401))
  const signature = await sign['sign']?.(hex('72'))
  expect(shown(signature)).toBe(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  )
  // Each message by itself.
  expect(shown(await sign['sign']?.(hex('72')))).toBe(shown(signature))
  const verify = make('createVerify', 'Ed25519')
  expect(verify['verifySync']?.(hex('72'), signature)).toBe(false)
  verify['initSync']?.(pair.pubKey)
  expect(verify['verifySync']?.(hex('72'), signature)).toBe(true)
  expect(verify['verifySync']?.(hex('73'), signature)).toBe(false)
})

test('calls in an odd order, and what is not here', async () => {
  const pair = pairOf(make('createAsyKeyGenerator', 'ECC256')['generateKeyPairSync']?.())
  const sign = make('createSign', 'ECC256|SHA256')
  expect(() => sign['updateSync']?.(bytes('x'))).toThrow(code(401))
  await expect(sign['sign']?.(bytes('x'))).rejects.toThrow(code(401))
  expect(() => sign['init']?.(pair.pubKey)).toThrow(code(401))
  await sign['init']?.(pair.priKey)
  await expect(sign['init']?.(pair.priKey)).rejects.toThrow(code(401))
  expect(() => sign['update']?.({ data: new Uint8Array() })).toThrow(code(401))
  expect(() => sign['setSignSpec']?.(103, 20)).toThrow(code(801))
  // The two numbers of a signature.
  const signature = (await sign['sign']?.(bytes('x'))) as { data: Uint8Array }
  const util = crypto['SignatureUtils'] as unknown as Methods
  const spec = util['genEccSignatureSpec']?.(signature.data)
  expect(util['genEccSignature']?.(spec)).toEqual(signature.data)
  expect(() => util['genEccSignatureSpec']?.(new Uint8Array([48, 5]))).toThrow(code(401))
  const rsa = make('createSign', 'RSA1024|PKCS1|SHA256')
  await expect(rsa['init']?.(pair.priKey)).rejects.toThrow(code(401))
  for (const name of ['RSA1024|PKCS1', 'RSA1024|PSS|SHA256|MGF1_SHA1', 'ECC256', 'X25519', 'DSA1024|SHA1']) {
    expect(() => make('createSign', name), name).toThrow(code(801))
  }
  const heard = await new Promise((resolve) => {
    const third = make('createSign', 'ECC|SHA256')
    third['init']?.(pair.priKey, () => third['sign']?.(bytes('x'), (...args: unknown[]) => resolve(args)))
  })
  expect(heard).toEqual([undefined, { data: expect.any(Uint8Array) as unknown }])
})

test('the salt of PSS is as long as one says', async () => {
  const { pubKey, priKey } = pairOf(make('createAsyKeyGenerator', 'RSA1024')['generateKeyPairSync']?.())
  const name = 'RSA1024|PSS|SHA256|MGF1_SHA256'
  const sign = make('createSign', name)
  sign['setSignSpec']?.(103, 20)
  expect([100, 101, 102, 103, 104].map((item) => sign['getSignSpec']?.(item))).toEqual([
    'SHA256',
    'MGF1',
    'SHA256',
    20,
    1,
  ])
  sign['initSync']?.(priKey)
  const signature = sign['signSync']?.(bytes('x'))
  for (const [salt, expected] of [
    [20, true],
    [32, false],
  ] as const) {
    const verify = make('createVerify', name)
    verify['setVerifySpec']?.(103, salt)
    verify['initSync']?.(pubKey)
    expect(verify['verifySync']?.(bytes('x'), signature)).toBe(expected)
  }
  expect(() => sign['setSignSpec']?.(103, 'x')).toThrow(code(401))
})

test('RSA encrypts a block for the one who has the private key', async () => {
  const pair = pairOf(make('createAsyKeyGenerator', 'RSA1024')['generateKeyPairSync']?.())
  const name = 'RSA1024|PKCS1_OAEP|SHA256|MGF1_SHA256'
  const cipher = make('createCipher', name)
  await expect(cipher['doFinal']?.(bytes('x'))).rejects.toThrow(code(17630001))
  await cipher['init']?.(0, pair.pubKey, null)
  const secret = await cipher['doFinal']?.(bytes('a secret'))
  await expect(cipher['update']?.(bytes('x'))).rejects.toThrow(code(801))
  const back = make('createCipher', 'RSA|PKCS1_OAEP|SHA256|MGF1_SHA256')
  back['initSync']?.(1, pair.priKey, null)
  expect(shown(back['doFinalSync']?.(secret))).toBe(Buffer.from('a secret').toString('hex'))
  expect(() => back['doFinalSync']?.(bytes('x'.repeat(128)))).toThrow(code(17630001))
  expect(() => cipher['init']?.(1, pair.pubKey, null)).toThrow(code(401))
  expect(() => make('createCipher', 'RSA1024|PKCS1_OAEP|SHA256|MGF1_SHA1')).toThrow(code(801))
  const plain = make('createCipher', 'RSA1024|PKCS1')
  plain['initSync']?.(0, pair.pubKey, null)
  expect(shown(plain['doFinalSync']?.(bytes('a secret'))).length).toBe(256)
})

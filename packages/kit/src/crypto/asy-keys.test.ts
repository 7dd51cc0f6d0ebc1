import { expect, test } from 'vitest'

import { cryptoNamespace } from './crypto-namespace.ts'

type Call = (...args: unknown[]) => unknown
type Methods = Record<string, Call>
const crypto = cryptoNamespace() as Methods
const make = (name: string, ...args: unknown[]): Methods => crypto[name]?.(...args) as Methods
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const hex = (text: string): { data: Uint8Array } => ({ data: new Uint8Array(Buffer.from(text, 'hex')) })
const shown = (value: unknown): string => Buffer.from((value as { data: Uint8Array }).data).toString('hex')
const item = (name: string): unknown => Reflect.get(crypto['AsyKeySpecItem'] as object, name)
const pairOf = (value: unknown): { pubKey: Methods; priKey: Methods } =>
  value as { pubKey: Methods; priKey: Methods }
/** The kit's number of a key of RFC 7748 or 8032. */
const number = (text: string): bigint =>
  BigInt(`0x${Buffer.from(Buffer.from(text, 'hex').toReversed()).toString('hex')}`)

// RFC 7748, section 6.1.
const alice = {
  secret: '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
  open: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
}
const bob = {
  secret: '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  open: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
}
const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
const [openHead, secretHead] = ['302a300506032b656e032100', '302e020100300506032b656e04220420']

test('X25519: the keys of RFC 7748 agree, encoded and by their figures', async () => {
  const agreement = make('createKeyAgreement', 'X25519')
  const generator = make('createAsyKeyGenerator', 'X25519')
  const one = pairOf(
    await generator['convertKey']?.(hex(openHead + alice.open), hex(secretHead + alice.secret)),
  )
  const spec = { algName: 'X25519', specType: 3, pk: number(bob.open), sk: number(bob.secret) }
  const other = pairOf(make('createAsyKeyGeneratorBySpec', spec)['generateKeyPairSync']?.())
  expect(shown(agreement['generateSecretSync']?.(one.priKey, other.pubKey))).toBe(shared)
  expect(shown(await agreement['generateSecret']?.(other.priKey, one.pubKey))).toBe(shared)
  expect(one.pubKey['getAsyKeySpec']?.(item('X25519_PK_BN'))).toBe(number(alice.open))
  expect(one.priKey['getAsyKeySpec']?.(item('X25519_SK_BN'))).toBe(number(alice.secret))
  expect(shown(other.priKey['getEncoded']?.())).toBe(secretHead + bob.secret)
  expect([one.pubKey['algName'], one.pubKey['format'], one.priKey['format']]).toEqual([
    'X25519',
    'X.509',
    'PKCS#8',
  ])
  expect(() => one.pubKey['getAsyKeySpec']?.(item('ED25519_PK_BN'))).toThrow(code(401))
  expect(() => one.pubKey['getEncodedDer']?.('X509|COMPRESSED')).toThrow(code(401))
  // The wrong way round, of another kind, and a point of small order, where every secret is the same.
  expect(() => agreement['generateSecret']?.(one.pubKey, one.priKey)).toThrow(code(401))
  const zero = pairOf(generator['convertKeySync']?.(hex(openHead + '00'.repeat(32)), null))
  await expect(agreement['generateSecret']?.(one.priKey, zero.pubKey)).rejects.toThrow(code(17630001))
  expect('priKey' in zero).toBe(false)
})

test('what is generated is new each time, in the form of a promise, of a callback and at once', async () => {
  const generator = make('createAsyKeyGenerator', 'X25519')
  const heard = await new Promise<unknown[]>((resolve) => {
    generator['generateKeyPair']?.((...args: unknown[]) => resolve(args))
  })
  const pairs = [generator['generateKeyPairSync']?.(), await generator['generateKeyPair']?.(), heard[1]]
  const keys = pairs.map((pair) => shown(pairOf(pair).pubKey['getEncoded']?.()))
  expect(new Set(keys).size).toBe(3)
  expect(keys.every((key) => key.length === 88)).toBe(true)
})

test('a key that was cleared does nothing more, and no log shows one', () => {
  const { priKey } = pairOf(make('createAsyKeyGenerator', 'Ed25519')['generateKeyPairSync']?.())
  expect(JSON.stringify(priKey)).toBe('{"algName":"Ed25519","format":"PKCS#8"}')
  priKey['clearMem']?.()
  expect(() => priKey['getPubKeySync']?.()).toThrow(code(17630001))
  expect(() => priKey['getEncoded']?.()).toThrow(code(17630001))
  expect(() => make('createSign', 'Ed25519')['initSync']?.(priKey)).toThrow(code(17630001))
})

test('a specification gives the keys that it has figures for, and 401 for the others', async () => {
  const spec = { algName: 'X25519', specType: 1, sk: 7n }
  const generator = make('createAsyKeyGeneratorBySpec', spec)
  const secret = generator['generatePriKeySync']?.() as Methods
  expect(secret['getAsyKeySpec']?.(item('X25519_SK_BN'))).toBe(7n)
  // A private key has its public one, which WireGuard shows to the other end.
  const open = secret['getPubKeySync']?.() as Methods
  const { secret: sk } = alice
  const hers = make('createAsyKeyGeneratorBySpec', { ...spec, sk: number(sk) })
  const hersSecret = hers['generatePriKeySync']?.() as Methods
  const found = (await hersSecret['getPubKey']?.()) as Methods
  expect(shown(found['getEncoded']?.())).toBe(openHead + alice.open)
  expect([open['getKeySize']?.(), secret['getKeySize']?.()]).toEqual([256, 256])
  expect(() => generator['generatePubKeySync']?.()).toThrow(code(401))
  await expect(generator['generateKeyPair']?.()).rejects.toThrow(code(401))
  expect(() => make('createAsyKeyGeneratorBySpec', { ...spec, sk: 7 })).toThrow(code(401))
  expect(() => make('createAsyKeyGeneratorBySpec', { ...spec, algName: 'SM2' })).toThrow(code(801))
  expect(() => make('createAsyKeyGeneratorBySpec')).toThrow(code(401))
  const long = make('createAsyKeyGeneratorBySpec', { ...spec, sk: 1n << 256n })
  expect(() => long['generatePriKeySync']?.()).toThrow(code(17630001))
})

test.each(['ECC224', 'ECC256', 'ECC384', 'ECC521', 'ECC_BrainPoolP256r1', 'ECC_Secp256k1'])(
  '%s: keys are the same after each encoding, and by their figures',
  (name) => {
    const generator = make('createAsyKeyGenerator', name)
    const pair = pairOf(generator['generateKeyPairSync']?.())
    const [open, secret] = [shown(pair.pubKey['getEncoded']?.()), shown(pair.priKey['getEncoded']?.())]
    const same = (value: unknown): void => {
      const { pubKey, priKey } = pairOf(value)
      expect([shown(pubKey['getEncoded']?.()), shown(priKey['getEncoded']?.())]).toEqual([open, secret])
    }
    same(generator['convertKeySync']?.(hex(open), hex(secret)))
    const [short, pkcs8] = [
      shown(pair.pubKey['getEncodedDer']?.('X509|COMPRESSED')),
      shown(pair.priKey['getEncodedDer']?.('PKCS8')),
    ]
    expect(short.length).toBeLessThan(open.length)
    same(generator['convertKeySync']?.(hex(short), hex(pkcs8)))
    const pem = [pair.pubKey['getEncodedPem']?.('X509'), pair.priKey['getEncodedPem']?.('PKCS8')]
    same(generator['convertPemKeySync']?.(...pem))
    const figure = (key: Methods, what: string): unknown => key['getAsyKeySpec']?.(item(what))
    const curveName = figure(pair.pubKey, 'ECC_CURVE_NAME_STR')
    const util = crypto['ECCKeyUtil'] as unknown as Methods
    const params = util['genECCCommonParamsSpec']?.(curveName) as object
    const point = {
      x: figure(pair.pubKey, 'ECC_PK_X_BN'),
      y: figure(pair.pubKey, 'ECC_PK_Y_BN'),
    }
    const spec = { algName: 'ECC', specType: 3, params, pk: point, sk: figure(pair.priKey, 'ECC_SK_BN') }
    same(make('createAsyKeyGeneratorBySpec', spec)['generateKeyPairSync']?.())
    const encoded = util['getEncodedPoint']?.(curveName, point, 'COMPRESSED')
    expect(util['convertPoint']?.(curveName, encoded)).toEqual(point)
    expect(pair.priKey['getKeySize']?.()).toBe(figure(pair.pubKey, 'ECC_FIELD_SIZE_NUM'))
    const fresh = pairOf(make('createAsyKeyGeneratorBySpec', params)['generateKeyPairSync']?.())
    expect(figure(fresh.pubKey, 'ECC_CURVE_NAME_STR')).toBe(curveName)
    const secrets = [
      make('createKeyAgreement', 'ECC')['generateSecretSync']?.(fresh.priKey, pair.pubKey),
      make('createKeyAgreement', name)['generateSecretSync']?.(pair.priKey, fresh.pubKey),
    ].map(shown)
    expect(secrets[0]).toBe(secrets[1])
  },
)

test('the figures of P-256 are those of SEC 2', () => {
  const util = crypto['ECCKeyUtil'] as unknown as Methods
  expect(util['genECCCommonParamsSpec']?.('NID_X9_62_prime256v1')).toEqual({
    algName: 'ECC',
    specType: 0,
    field: { fieldType: 'Fp', p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n },
    a: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 4n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    g: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    h: 1,
  })
  expect(() => util['convertPoint']?.('NID_secp384r1', new Uint8Array(97).fill(4))).toThrow(code(401))
  expect(() => util['genECCCommonParamsSpec']?.('NID_x')).toThrow(code(801))
})

test('PEM of a private key may have a password, and is nothing without it', async () => {
  const generator = make('createAsyKeyGenerator', 'RSA1024|PRIMES_2')
  const pair = pairOf(await generator['generateKeyPair']?.())
  const config = { password: 'abc', cipherName: 'AES-256-CBC' }
  const pem = pair.priKey['getEncodedPem']?.('PKCS8', config)
  expect(String(pem)).toContain('ENCRYPTED PRIVATE KEY')
  const again = pairOf(await generator['convertPemKey']?.(null, pem, 'abc'))
  expect(shown(again.priKey['getEncoded']?.())).toBe(shown(pair.priKey['getEncoded']?.()))
  await expect(generator['convertPemKey']?.(null, pem, 'abd')).rejects.toThrow(code(17630001))
  await expect(generator['convertPemKey']?.(null, pem)).rejects.toThrow(code(17630001))
  expect(() => generator['convertPemKey']?.(null, null)).toThrow(code(401))
  expect(() => pair.priKey['getEncodedPem']?.('PKCS8', { ...config, cipherName: 'ROT13' })).toThrow(code(801))
  expect(String(pair.pubKey['getEncodedPem']?.('PKCS1'))).toContain('BEGIN RSA PUBLIC KEY')
  // A public key by its figures.
  const [n, pk] = ['RSA_N_BN', 'RSA_PK_BN'].map((name) => pair.pubKey['getAsyKeySpec']?.(item(name)))
  expect(pk).toBe(65537n)
  const spec = { algName: 'RSA', specType: 2, params: { algName: 'RSA', specType: 0, n }, pk }
  const open = make('createAsyKeyGeneratorBySpec', spec)['generatePubKeySync']?.() as Methods
  expect(shown(open['getEncoded']?.())).toBe(shown(pair.pubKey['getEncoded']?.()))
})

test('keys of another kind are refused', async () => {
  const open = pairOf(make('createAsyKeyGenerator', 'X25519')['generateKeyPairSync']?.()).pubKey
  const generator = make('createAsyKeyGenerator', 'ECC256')
  await expect(generator['convertKey']?.(open['getEncoded']?.(), null)).rejects.toThrow(code(17630001))
  await expect(generator['convertKey']?.(hex('0000'), null)).rejects.toThrow(code(17630001))
  expect(() => generator['convertKey']?.('key', null)).toThrow(code(401))
  for (const name of ['RSA2047', 'RSA2048|PRIMES_3', 'ECC255', 'DSA1024', 'SM2_256', 'X25519|x', '']) {
    expect(() => make('createAsyKeyGenerator', name), name).toThrow(code(801))
  }
  expect(() => make('createAsyKeyGenerator')).toThrow(code(401))
})

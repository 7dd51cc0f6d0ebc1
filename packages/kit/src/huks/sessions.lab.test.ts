import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  pbkdf2Sync,
  sign,
  verify,
} from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { HuksCalls } from '../../test/huks-calls.ts'
import { testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'

let folder: string
let kits: Kits
let huks: HuksCalls
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-huks-'))
  kits = testKits({}, { dataFolder: folder }).kits
  huks = new HuksCalls(kits)
})
afterEach(() => {
  kits[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})
const code = (expected: number): object => expect.objectContaining({ code: expected }) as object
const message = Buffer.from('a message of several blocks, which is not of their size')
const parts = [message.subarray(0, 7), message.subarray(7, 40), message.subarray(40)]
const both = 'KEY_PURPOSE_ENCRYPT|KEY_PURPOSE_DECRYPT'
const encrypts = { PURPOSE: 'KEY_PURPOSE_ENCRYPT' }
const decrypts = { PURPOSE: 'KEY_PURPOSE_DECRYPT' }
const signs = { PURPOSE: 'KEY_PURPOSE_SIGN' }
const verifies = { PURPOSE: 'KEY_PURPOSE_VERIFY' }
const agrees = { PURPOSE: 'KEY_PURPOSE_AGREE' }
const empty = new Uint8Array()

test('AES and SM4 encrypt in parts what they decrypt at once', async () => {
  const iv = Buffer.alloc(16, 7)
  const ways = [
    { BLOCK_MODE: 'MODE_CBC', PADDING: 'PADDING_PKCS7', IV: iv },
    { BLOCK_MODE: 'MODE_CTR', PADDING: 'PADDING_NONE', IV: iv },
    { BLOCK_MODE: 'MODE_ECB', PADDING: 'PADDING_PKCS7' },
    // As an example of the documents has it.
    { BLOCK_MODE: 'MODE_CBC', PADDING: 'PADDING_PKCS7', IV: iv.subarray(4) },
  ]
  for (const key of [
    { ALGORITHM: 'ALG_AES', KEY_SIZE: 192 },
    { ALGORITHM: 'ALG_SM4', KEY_SIZE: 128 },
  ]) {
    await huks.call('generateKeyItem', 'k', huks.options({ ...key, PURPOSE: both }))
    for (const way of ways) {
      const secret = await huks.run('k', { ...key, ...way, ...encrypts }, ...parts)
      expect(secret.includes('message')).toBe(false)
      expect(await huks.run('k', { ...key, ...way, ...decrypts }, secret)).toEqual(message)
    }
  }
})

test('AES in GCM gives its tag last, and takes it as AE_TAG', async () => {
  const raw = Buffer.alloc(32, 3)
  const key = { ALGORITHM: 'ALG_AES', KEY_SIZE: 256, PURPOSE: both }
  await huks.call('importKeyItem', 'k', huks.options(key, raw))
  const way = {
    ALGORITHM: 'ALG_AES',
    BLOCK_MODE: 'MODE_GCM',
    PADDING: 'PADDING_NONE',
    NONCE: Buffer.alloc(12, 1),
    ASSOCIATED_DATA: Buffer.from('head'),
  }
  const sealed = await huks.run('k', { ...way, ...encrypts }, ...parts)
  const [secret, AE_TAG] = [sealed.subarray(0, -16), Buffer.from(sealed.subarray(-16))]
  const node = createDecipheriv('aes-256-gcm', raw, way.NONCE).setAAD(way.ASSOCIATED_DATA).setAuthTag(AE_TAG)
  expect(Buffer.concat([node.update(secret), node.final()])).toEqual(message)
  expect(await huks.run('k', { ...way, ...decrypts, AE_TAG }, secret)).toEqual(message)
  AE_TAG[0] = (AE_TAG[0] ?? 0) ^ 1
  await expect(huks.run('k', { ...way, ...decrypts, AE_TAG }, secret)).rejects.toThrow(code(12000006))
  await expect(huks.run('k', { ...way, ...decrypts }, secret)).rejects.toThrow(code(12000002))
  const { NONCE: _, ...without } = way
  await expect(huks.run('k', { ...without, ...encrypts }, secret)).rejects.toThrow(code(12000002))
  const short = { ...way, NONCE: Buffer.alloc(11) }
  await expect(huks.run('k', { ...short, ...encrypts }, secret)).rejects.toThrow(code(12000003))
})

test('a key is used for what it was made for', async () => {
  const key = { ALGORITHM: 'ALG_AES', KEY_SIZE: 128, BLOCK_MODE: 'MODE_ECB', PADDING: 'PADDING_PKCS7' }
  await huks.call('generateKeyItem', 'k', huks.options({ ...key, ...encrypts }))
  const begin = (given: object): Promise<unknown> =>
    huks.call('initSession', 'k', huks.options({ ...key, ...given }))
  await expect(begin(decrypts)).rejects.toThrow(code(12000003))
  await expect(begin({ ...encrypts, BLOCK_MODE: 'MODE_CBC', IV: Buffer.alloc(16) })).rejects.toThrow(
    code(12000003),
  )
  await expect(begin({ ...encrypts, ALGORITHM: 'ALG_SM4' })).rejects.toThrow(code(12000003))
  await expect(begin({})).rejects.toThrow(code(12000002))
  const { ALGORITHM: _, ...without } = key
  await expect(huks.call('initSession', 'k', huks.options({ ...without, ...encrypts }))).rejects.toThrow(
    code(12000002),
  )
})

test('RSA, ECC and Ed25519 sign what node verifies, and verify what node signs', async () => {
  const digest = { DIGEST: 'DIGEST_SHA256' }
  const kinds = [
    {
      name: 'sha256',
      given: { ALGORITHM: 'ALG_RSA', KEY_SIZE: 2048, PADDING: 'PADDING_PKCS1_V1_5', ...digest },
    },
    { name: 'sha256', given: { ALGORITHM: 'ALG_RSA', KEY_SIZE: 2048, PADDING: 'PADDING_PSS', ...digest } },
    { name: 'sha256', given: { ALGORITHM: 'ALG_ECC', KEY_SIZE: 256, ...digest } },
    { name: null, given: { ALGORITHM: 'ALG_ED25519', KEY_SIZE: 256, DIGEST: 'DIGEST_NONE' } },
  ]
  for (const { name, given } of kinds) {
    const made = { ...given, PURPOSE: 'KEY_PURPOSE_SIGN|KEY_PURPOSE_VERIFY' }
    await huks.call('generateKeyItem', 'k', huks.options(made))
    const signature = await huks.run('k', { ...given, ...signs }, ...parts)
    const { outData } = await huks.result('exportKeyItem', 'k', {})
    const open = publicKey(outData)
    const padding = 'PADDING' in given && given.PADDING === 'PADDING_PSS' ? { padding: 6 } : {}
    expect(verify(name, message, { key: open, ...padding }, signature)).toBe(true)
    expect(await huks.run('k', { ...given, ...verifies }, ...parts, signature)).toHaveLength(0)
    await expect(huks.run('k', { ...given, ...verifies }, message, message)).rejects.toThrow(code(12000006))
    // The public key alone, as one of another device comes.
    const imported = { ...made, PURPOSE: 'KEY_PURPOSE_VERIFY' }
    await huks.call('importKeyItem', 'open', huks.options(imported, outData))
    expect((await huks.result('exportKeyItem', 'open', {})).outData).toEqual(outData)
    expect(await huks.run('open', { ...given, ...verifies }, ...parts, signature)).toHaveLength(0)
    await expect(huks.run('open', { ...given, ...signs }, message)).rejects.toThrow(code(12000003))
  }
})

/** Of X25519 and Ed25519 the bytes alone are told. */
function publicKey(told: Uint8Array, head = '302a300506032b6570032100'): ReturnType<typeof createPublicKey> {
  const key = told.length === 32 ? Buffer.concat([Buffer.from(head, 'hex'), told]) : Buffer.from(told)
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

test('RSA encrypts with OAEP, HMAC is that of node', async () => {
  const rsa = { ALGORITHM: 'ALG_RSA', KEY_SIZE: 2048, PADDING: 'PADDING_OAEP', DIGEST: 'DIGEST_SHA256' }
  await huks.call('generateKeyItem', 'k', huks.options({ ...rsa, PURPOSE: both }))
  const secret = await huks.run('k', { ...rsa, ...encrypts }, ...parts)
  expect(await huks.run('k', { ...rsa, ...decrypts }, secret)).toEqual(message)
  const hmac = { ALGORITHM: 'ALG_HMAC', KEY_SIZE: 256, PURPOSE: 'KEY_PURPOSE_MAC', DIGEST: 'DIGEST_SHA384' }
  const raw = Buffer.alloc(32, 9)
  await huks.call('importKeyItem', 'h', huks.options(hmac, raw))
  expect(await huks.run('h', hmac, ...parts)).toEqual(createHmac('sha384', raw).update(message).digest())
})

test('X25519 and ECDH agree with the other side, and keep what they agree on', async () => {
  const kinds = [
    { given: { ALGORITHM: 'ALG_X25519', KEY_SIZE: 256, ...agrees }, theirs: generateKeyPairSync('x25519') },
    {
      given: { ALGORITHM: 'ALG_ECC', KEY_SIZE: 256, ...agrees },
      theirs: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    },
  ]
  for (const { given, theirs } of kinds) {
    await huks.call('generateKeyItem', 'k', huks.options(given))
    const { outData } = await huks.result('exportKeyItem', 'k', {})
    const own = publicKey(outData, '302a300506032b656e032100')
    const secret = diffieHellman({ privateKey: theirs.privateKey, publicKey: own })
    const spki = theirs.publicKey.export({ format: 'der', type: 'spki' })
    const told = given.ALGORITHM === 'ALG_X25519' ? Buffer.from(spki.subarray(-32)) : spki
    const way = { ...given, ALGORITHM: given.ALGORITHM === 'ALG_ECC' ? 'ALG_ECDH' : 'ALG_X25519' }
    expect(await huks.run('k', way, told, empty)).toEqual(secret)
    const { handle } = (await huks.call('initSession', 'k', huks.options(way))) as { handle: number }
    await huks.call('updateSession', handle, { inData: told })
    const kept = {
      ALGORITHM: 'ALG_AES',
      KEY_SIZE: 256,
      PURPOSE: both,
      KEY_ALIAS: Buffer.from('agreed'),
      IS_KEY_ALIAS: true,
      DERIVED_AGREED_KEY_STORAGE_FLAG: 'STORAGE_ONLY_USED_IN_HUKS',
    }
    const ended = await huks.result('finishSession', handle, huks.options(kept))
    expect(ended.outData).toHaveLength(0)
    const ecb = { ALGORITHM: 'ALG_AES', BLOCK_MODE: 'MODE_ECB', PADDING: 'PADDING_PKCS7', ...encrypts }
    const node = createDecipheriv('aes-256-ecb', secret, null)
    expect(Buffer.concat([node.update(await huks.run('agreed', ecb, message)), node.final()])).toEqual(
      message,
    )
    await expect(huks.run('k', way, Buffer.alloc(3), empty)).rejects.toThrow(code(401))
    await expect(huks.run('k', way, empty)).rejects.toThrow(code(401))
  }
  // What was made to stay inside is not told.
  const inside = { ...kinds[0]?.given, DERIVED_AGREED_KEY_STORAGE_FLAG: 'STORAGE_ONLY_USED_IN_HUKS' }
  await huks.call('generateKeyItem', 'k', huks.options(inside))
  const other = Buffer.from(
    kinds[0]?.theirs.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32) ?? [],
  )
  await expect(huks.run('k', { ALGORITHM: 'ALG_X25519', ...agrees }, other, empty)).rejects.toThrow(
    code(12000003),
  )
})

test('HKDF and PBKDF2 derive as node does', async () => {
  const raw = Buffer.alloc(32, 5)
  const key = { ALGORITHM: 'ALG_AES', KEY_SIZE: 256, PURPOSE: 'KEY_PURPOSE_DERIVE', DIGEST: 'DIGEST_SHA256' }
  await huks.call('importKeyItem', 'k', huks.options(key, raw))
  const [SALT, INFO] = [Buffer.from('salt'), Buffer.from('info')]
  const hkdf = { ...key, ALGORITHM: 'ALG_HKDF', SALT, INFO, DERIVE_KEY_SIZE: 48 }
  expect(await huks.run('k', hkdf, empty, empty)).toEqual(
    Buffer.from(hkdfSync('sha256', raw, SALT, INFO, 48)),
  )
  const pbkdf2 = { ...key, ALGORITHM: 'ALG_PBKDF2', SALT, ITERATION: 10, DERIVE_KEY_SIZE: 32 }
  expect(await huks.run('k', pbkdf2, empty, empty)).toEqual(pbkdf2Sync(raw, SALT, 10, 32, 'sha256'))
  const { ITERATION: _, ...without } = pbkdf2
  await expect(huks.run('k', without, empty)).rejects.toThrow(code(12000002))
})

test('private keys are imported in the format of the documents', async () => {
  const head = (...numbers: number[]): Buffer => {
    const bytes = Buffer.alloc(20)
    for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4)
    return bytes
  }
  const pair = generateKeyPairSync('x25519')
  const secret = Buffer.from(pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32))
  const open = Buffer.from(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const x25519 = { ALGORITHM: 'ALG_X25519', KEY_SIZE: 256, ...agrees }
  const whole = Buffer.concat([head(101, 256, 32, 32, 0), open, secret])
  await huks.call(
    'importKeyItem',
    'k',
    huks.options({ ...x25519, IMPORT_KEY_TYPE: 'KEY_TYPE_KEY_PAIR' }, whole),
  )
  expect(Buffer.from((await huks.result('exportKeyItem', 'k', {})).outData)).toEqual(open)

  const curve = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  const jwk = curve.privateKey.export({ format: 'jwk' })
  const d = Buffer.from(jwk.d ?? '', 'base64url')
  const alone = Buffer.concat([head(2, 384, 0, 0, d.length), d])
  const ecc = { ALGORITHM: 'ALG_ECC', KEY_SIZE: 384, DIGEST: 'DIGEST_SHA384' }
  const made = {
    ...ecc,
    PURPOSE: 'KEY_PURPOSE_SIGN|KEY_PURPOSE_VERIFY',
    IMPORT_KEY_TYPE: 'KEY_TYPE_PRIVATE_KEY',
  }
  await huks.call('importKeyItem', 'e', huks.options(made, alone))
  expect(verify('sha384', message, curve.publicKey, await huks.run('e', { ...ecc, ...signs }, message))).toBe(
    true,
  )
  const signature = sign('sha384', message, createPrivateKey({ key: jwk, format: 'jwk' }))
  expect(await huks.run('e', { ...ecc, ...verifies }, message, signature)).toHaveLength(0)

  const wrong: [object, Uint8Array][] = [
    [made, alone.subarray(0, -1)],
    [made, Buffer.alloc(4)],
    [{ ...made, KEY_SIZE: 256 }, alone],
    [{ ...x25519, IMPORT_KEY_TYPE: 'KEY_TYPE_PUBLIC_KEY' }, alone],
    [{ ...made, IMPORT_KEY_TYPE: 'KEY_TYPE_PUBLIC_KEY' }, alone],
    [{ ALGORITHM: 'ALG_AES', KEY_SIZE: 128, PURPOSE: both }, Buffer.alloc(15)],
  ]
  for (const [given, material] of wrong)
    await expect(huks.call('importKeyItem', 'w', huks.options({ ...given }, material))).rejects.toThrow(
      code(401),
    )
  const rsa = { ALGORITHM: 'ALG_RSA', KEY_SIZE: 2048, ...signs, IMPORT_KEY_TYPE: 'KEY_TYPE_KEY_PAIR' }
  const figures = Buffer.concat([head(1, 2048, 256, 3, 256), Buffer.alloc(515)])
  await expect(huks.call('importKeyItem', 'w', huks.options(rsa, figures))).rejects.toThrow(code(12000001))
  expect(await huks.call('hasKeyItem', 'w', {})).toBe(false)
})

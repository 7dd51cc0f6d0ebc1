import {
  type CipherGCM,
  type DecipherGCM,
  constants,
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'

import { digestName } from './digest-name.ts'
import { huksError } from './huks-error.ts'
import { cipherMode, keyAlgorithm, keyPadding } from './huks-values.ts'
import type { KeyParameters } from './key-parameters.ts'
import type { KeySession } from './key-session.ts'
import { type StoredKey, privateKeyOf, publicKeyOf } from './stored-key.ts'

/** Bytes of a block, an initialization vector and a tag. */
const blockBytes = 16
/** Bytes that a nonce has at least. */
const nonceBytes = 12

const modeNames: ReadonlyMap<number, string> = new Map([
  [cipherMode.HUKS_MODE_ECB, 'ecb'],
  [cipherMode.HUKS_MODE_CBC, 'cbc'],
  [cipherMode.HUKS_MODE_CTR, 'ctr'],
  [cipherMode.HUKS_MODE_GCM, 'gcm'],
])

/** AES and SM4. @throws BusinessError 12000001, 12000002, 12000003 */
export function cipherSession(key: StoredKey, parameters: KeyParameters, encrypts: boolean): KeySession {
  const mode = parameters.neededNumber('HUKS_TAG_BLOCK_MODE')
  const name = modeNames.get(mode)
  const isAes = parameters.number('HUKS_TAG_ALGORITHM') === keyAlgorithm.HUKS_ALG_AES
  if (name === undefined || (mode === cipherMode.HUKS_MODE_GCM && !isAes))
    throw huksError(12000001, 'HUKS_TAG_BLOCK_MODE', `${mode} is not provided by vpnext`)
  const pads = padsBlocks(parameters, mode)
  const cipher = isAes ? `aes-${key.bytes.length * 8}` : 'sm4'
  if (mode === cipherMode.HUKS_MODE_GCM) return authenticated(key, parameters, encrypts)
  const iv = mode === cipherMode.HUKS_MODE_ECB ? null : vector(parameters)
  const make = encrypts ? createCipheriv : createDecipheriv
  const running = make(`${cipher}-${name}`, key.bytes, iv).setAutoPadding(pads)
  return {
    update: (data) => running.update(data),
    finish: (data) => Buffer.concat([running.update(data), running.final()]),
  }
}

/** A shorter one, as examples of the documents have, is filled with zeros. @throws BusinessError 12000002, 12000003 */
function vector(parameters: KeyParameters): Uint8Array {
  const given = parameters.neededBytes('HUKS_TAG_IV')
  if (given.length === 0 || given.length > blockBytes)
    throw huksError(12000003, 'HUKS_TAG_IV', `has ${given.length} bytes, not ${blockBytes}`)
  const iv = new Uint8Array(blockBytes)
  iv.set(given)
  return iv
}

/** @throws BusinessError 12000002, 12000003 */
function padsBlocks(parameters: KeyParameters, mode: number): boolean {
  const hasBlocks = mode === cipherMode.HUKS_MODE_ECB || mode === cipherMode.HUKS_MODE_CBC
  const padding = hasBlocks
    ? parameters.neededNumber('HUKS_TAG_PADDING')
    : (parameters.number('HUKS_TAG_PADDING') ?? keyPadding.HUKS_PADDING_NONE)
  if (padding === keyPadding.HUKS_PADDING_NONE) return false
  if (hasBlocks && padding === keyPadding.HUKS_PADDING_PKCS7) return true
  throw huksError(12000003, 'HUKS_TAG_PADDING', `${padding} does not go with this mode`)
}

/** The tag follows what is encrypted. */
function authenticated(key: StoredKey, parameters: KeyParameters, encrypts: boolean): KeySession {
  const nonce = parameters.neededBytes('HUKS_TAG_NONCE')
  if (nonce.length < nonceBytes)
    throw huksError(12000003, 'HUKS_TAG_NONCE', `has ${nonce.length} bytes, not ${nonceBytes}`)
  const name =
    key.bytes.length === 16 ? 'aes-128-gcm' : key.bytes.length === 24 ? 'aes-192-gcm' : 'aes-256-gcm'
  if (encrypts) {
    const cipher = createCipheriv(name, key.bytes, nonce)
    associate(cipher, parameters)
    return {
      update: (data) => cipher.update(data),
      finish: (data) => Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]),
    }
  }
  const authTag = parameters.neededBytes('HUKS_TAG_AE_TAG')
  if (authTag.length !== blockBytes)
    throw huksError(12000003, 'HUKS_TAG_AE_TAG', `has ${authTag.length} bytes, not ${blockBytes}`)
  const decipher = createDecipheriv(name, key.bytes, nonce, { authTagLength: blockBytes }).setAuthTag(authTag)
  associate(decipher, parameters)
  return {
    update: (data) => decipher.update(data),
    finish: (data) => Buffer.concat([decipher.update(data), decipher.final()]),
  }
}

function associate(cipher: CipherGCM | DecipherGCM, parameters: KeyParameters): void {
  const associated = parameters.bytes('HUKS_TAG_ASSOCIATED_DATA')
  if (associated !== undefined) cipher.setAAD(associated)
}

/** RSA: one block. @throws BusinessError 12000001, 12000002, 12000003 */
export function rsaCipherSession(key: StoredKey, parameters: KeyParameters, encrypts: boolean): KeySession {
  const way = rsaPadding(parameters)
  if (!encrypts && key.kind === 'public')
    throw huksError(12000003, 'HUKS_TAG_PURPOSE', 'a public key decrypts nothing')
  const collected: Uint8Array[] = []
  const publicKey = key.kind === 'public' ? publicKeyOf(key.bytes) : createPublicKey(privateKeyOf(key.bytes))
  return {
    update(data) {
      collected.push(data)
      return new Uint8Array()
    },
    finish(data) {
      const all = Buffer.concat([...collected, data])
      return encrypts
        ? publicEncrypt({ key: publicKey, ...way }, all)
        : privateDecrypt({ key: privateKeyOf(key.bytes), ...way }, all)
    },
  }
}

function rsaPadding(parameters: KeyParameters): { readonly padding: number; readonly oaepHash?: string } {
  const padding = parameters.neededNumber('HUKS_TAG_PADDING')
  switch (padding) {
    case keyPadding.HUKS_PADDING_NONE:
      return { padding: constants.RSA_NO_PADDING }
    case keyPadding.HUKS_PADDING_PKCS1_V1_5:
      return { padding: constants.RSA_PKCS1_PADDING }
    case keyPadding.HUKS_PADDING_OAEP:
      return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digestName(parameters) }
    default:
      throw huksError(12000003, 'HUKS_TAG_PADDING', `${padding} is none of RSA's`)
  }
}

import { randomBytes } from 'node:crypto'

import { asyAlgorithm } from '../crypto/asy-algorithm.ts'
import { huksError } from './huks-error.ts'
import { keyAlgorithm, keyFlag } from './huks-values.ts'
import type { KeyParameters } from './key-parameters.ts'
import { type StoredKey, storedPrivate } from './stored-key.ts'

const asymmetricSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [keyAlgorithm.HUKS_ALG_RSA, [512, 768, 1024, 2048, 3072, 4096]],
  [keyAlgorithm.HUKS_ALG_ECC, [224, 256, 384, 521]],
  [keyAlgorithm.HUKS_ALG_ECDH, [224, 256, 384, 521]],
  [keyAlgorithm.HUKS_ALG_X25519, [256]],
  [keyAlgorithm.HUKS_ALG_ED25519, [256]],
])

/** Both names are of the same keys. */
export function isElliptic(algorithm: number): boolean {
  return algorithm === keyAlgorithm.HUKS_ALG_ECC || algorithm === keyAlgorithm.HUKS_ALG_ECDH
}

/** What a key is to be. */
export interface KeyPlan {
  readonly algorithm: number
  /** Bits. */
  readonly bits: number
  readonly isSecret: boolean
}

/**
 * Looks at what a key is to be and be for.
 *
 * @throws BusinessError 12000001 for an algorithm that is not here, 12000002, 12000003; 12000013 and 12000016 for keys that ask who the user is
 */
export function keyPlan(parameters: KeyParameters): KeyPlan {
  const algorithm = parameters.neededNumber('HUKS_TAG_ALGORITHM')
  if (parameters.neededNumber('HUKS_TAG_PURPOSE') === 0)
    throw huksError(12000003, 'HUKS_TAG_PURPOSE', 'is for nothing')
  const bits = parameters.neededNumber('HUKS_TAG_KEY_SIZE')
  const isSecret = secretSize(algorithm, bits)
  if (isSecret === undefined && asymmetricSizes.get(algorithm) === undefined)
    throw huksError(12000001, 'HUKS_TAG_ALGORITHM', `${algorithm} is not provided by vpnext`)
  if (!(isSecret ?? asymmetricSizes.get(algorithm)?.includes(bits)))
    throw huksError(12000003, 'HUKS_TAG_KEY_SIZE', `${bits} is no size of a key of this algorithm`)
  if (
    (parameters.number('HUKS_TAG_USER_AUTH_TYPE') ?? 0) !== 0 &&
    !parameters.has('HUKS_TAG_NO_AUTH_REQUIRED')
  )
    throw huksError(12000013, 'HUKS_TAG_USER_AUTH_TYPE', 'there is nobody who asks a user who they are')
  if (parameters.has('HUKS_TAG_IS_DEVICE_PASSWORD_SET'))
    throw huksError(12000016, 'HUKS_TAG_IS_DEVICE_PASSWORD_SET', 'there is no screen lock')
  return { algorithm, bits, isSecret: isSecret !== undefined }
}

/** Whether the size is one of the algorithm's; undefined for algorithms whose keys are pairs. */
function secretSize(algorithm: number, bits: number): boolean | undefined {
  switch (algorithm) {
    case keyAlgorithm.HUKS_ALG_AES:
      return [128, 192, 256].includes(bits)
    case keyAlgorithm.HUKS_ALG_SM4:
      return bits === 128
    case keyAlgorithm.HUKS_ALG_HMAC:
      return bits % 8 === 0 && bits >= 8 && bits <= 1024
    default:
      return undefined
  }
}

export async function generateKey(parameters: KeyParameters): Promise<StoredKey> {
  const { algorithm, bits, isSecret } = keyPlan(parameters)
  const known = parameters.with('HUKS_TAG_KEY_FLAG', keyFlag.HUKS_KEY_FLAG_GENERATE_KEY)
  if (isSecret) return { kind: 'secret', bytes: randomBytes(bits / 8), parameters: known }
  const { privateKey } = await asyAlgorithm(kitName(algorithm, bits)).generate()
  return storedPrivate(privateKey, known)
}

/** What cryptoFramework calls such pairs. */
function kitName(algorithm: number, bits: number): string {
  switch (algorithm) {
    case keyAlgorithm.HUKS_ALG_RSA:
      return `RSA${bits}`
    case keyAlgorithm.HUKS_ALG_X25519:
      return 'X25519'
    case keyAlgorithm.HUKS_ALG_ED25519:
      return 'Ed25519'
    default:
      return `ECC${bits}`
  }
}

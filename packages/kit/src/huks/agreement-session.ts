import { diffieHellman, hkdfSync, pbkdf2Sync } from 'node:crypto'

import { parameterError } from '../parameters.ts'
import { digestName } from './digest-name.ts'
import { huksError } from './huks-error.ts'
import { keyAlgorithm, keyFlag } from './huks-values.ts'
import { isElliptic } from './key-algorithms.ts'
import { readPublicKey } from './key-material.ts'
import type { KeyParameters } from './key-parameters.ts'
import type { KeySession } from './key-session.ts'
import { type StoredKey, privateKeyOf } from './stored-key.ts'

/** Bytes that can be derived at once. */
const mostBytes = 4096

/** X25519 and ECDH; `update` gets the public key of the other side. @throws BusinessError 12000001, 12000003 */
export function agreementSession(key: StoredKey, parameters: KeyParameters): KeySession {
  const own = key.parameters.number('HUKS_TAG_ALGORITHM') ?? 0
  const algorithm = parameters.neededNumber('HUKS_TAG_ALGORITHM')
  if (!isElliptic(own) && own !== keyAlgorithm.HUKS_ALG_X25519)
    throw huksError(12000001, 'HUKS_TAG_ALGORITHM', `keys of ${own} agree on nothing here`)
  if (own !== algorithm && !(isElliptic(own) && isElliptic(algorithm)))
    throw huksError(12000003, 'HUKS_TAG_ALGORITHM', `is ${own} for this key, not ${algorithm}`)
  if (key.kind !== 'private') throw huksError(12000003, 'keyAlias', 'is a public key')
  let secret: Uint8Array | undefined
  return {
    gives: keyFlag.HUKS_KEY_FLAG_AGREE_KEY,
    update(data) {
      if (secret !== undefined) throw parameterError('options.inData', 'there was a public key before')
      const privateKey = privateKeyOf(key.bytes)
      secret = diffieHellman({ privateKey, publicKey: readPublicKey(data, own) })
      return new Uint8Array()
    },
    finish() {
      if (secret === undefined)
        throw parameterError('options.inData', 'updateSession was given no public key')
      return secret
    },
  }
}

/** HKDF and PBKDF2 from a secret key. @throws BusinessError 12000001, 12000002, 12000003 */
export function derivationSession(key: StoredKey, parameters: KeyParameters): KeySession {
  const algorithm = parameters.neededNumber('HUKS_TAG_ALGORITHM')
  const size = parameters.neededNumber('HUKS_TAG_DERIVE_KEY_SIZE')
  if (size === 0 || size > mostBytes)
    throw huksError(12000003, 'HUKS_TAG_DERIVE_KEY_SIZE', `is not 1 to ${mostBytes} bytes`)
  if (key.kind !== 'secret') throw huksError(12000003, 'keyAlias', 'is no secret key')
  const digest = digestName(parameters)
  const derive = derivation(algorithm, key, parameters, digest, size)
  return {
    gives: keyFlag.HUKS_KEY_FLAG_DERIVE_KEY,
    update: () => new Uint8Array(),
    finish: derive,
  }
}

function derivation(
  algorithm: number,
  key: StoredKey,
  parameters: KeyParameters,
  digest: string,
  size: number,
): () => Uint8Array {
  switch (algorithm) {
    case keyAlgorithm.HUKS_ALG_HKDF: {
      const salt = parameters.bytes('HUKS_TAG_SALT') ?? new Uint8Array()
      const info = parameters.bytes('HUKS_TAG_INFO') ?? new Uint8Array()
      return () => new Uint8Array(hkdfSync(digest, key.bytes, salt, info, size))
    }
    case keyAlgorithm.HUKS_ALG_PBKDF2: {
      const salt = parameters.neededBytes('HUKS_TAG_SALT')
      const iterations = parameters.neededNumber('HUKS_TAG_ITERATION')
      if (iterations === 0) throw huksError(12000003, 'HUKS_TAG_ITERATION', 'is 0')
      return () => pbkdf2Sync(key.bytes, salt, iterations, size, digest)
    }
    default:
      throw huksError(12000003, 'HUKS_TAG_ALGORITHM', `${algorithm} derives nothing`)
  }
}

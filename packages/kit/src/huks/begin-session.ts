import { huksError } from './huks-error.ts'
import type { TagName } from './huks-tags.ts'
import { keyAlgorithm, purpose } from './huks-values.ts'
import { agreementSession, derivationSession } from './agreement-session.ts'
import { cipherSession, rsaCipherSession } from './cipher-session.ts'
import type { KeyParameters } from './key-parameters.ts'
import type { KeySession } from './key-session.ts'
import { macSession, signSession, verifySession } from './signature-session.ts'
import type { StoredKey } from './stored-key.ts'

/**
 * Begins what the purpose says.
 *
 * @throws BusinessError 12000001, 12000002, 12000003, also when the key is for something else
 */
export function beginSession(key: StoredKey, parameters: KeyParameters): KeySession {
  const wanted = parameters.neededNumber('HUKS_TAG_PURPOSE')
  const algorithm = parameters.neededNumber('HUKS_TAG_ALGORITHM')
  const allowed = key.parameters.number('HUKS_TAG_PURPOSE') ?? 0
  if ((wanted & allowed) !== wanted || wanted === 0)
    throw huksError(12000003, 'HUKS_TAG_PURPOSE', `the key is for ${allowed}, not for ${wanted}`)
  const own = key.parameters.number('HUKS_TAG_ALGORITHM')
  // Those who agree and derive name the way, and not the algorithm of the key.
  const isOfKey = wanted !== purpose.HUKS_KEY_PURPOSE_AGREE && wanted !== purpose.HUKS_KEY_PURPOSE_DERIVE
  if (isOfKey && own !== algorithm)
    throw huksError(12000003, 'HUKS_TAG_ALGORITHM', `is ${own} for this key, not ${algorithm}`)
  if (isOfKey) checkBound(key, parameters)
  switch (wanted) {
    case purpose.HUKS_KEY_PURPOSE_ENCRYPT:
    case purpose.HUKS_KEY_PURPOSE_DECRYPT: {
      const encrypts = wanted === purpose.HUKS_KEY_PURPOSE_ENCRYPT
      return algorithm === keyAlgorithm.HUKS_ALG_RSA
        ? rsaCipherSession(key, parameters, encrypts)
        : cipherSession(key, parameters, encrypts)
    }
    case purpose.HUKS_KEY_PURPOSE_SIGN:
      return signSession(key, parameters)
    case purpose.HUKS_KEY_PURPOSE_VERIFY:
      return verifySession(key, parameters)
    case purpose.HUKS_KEY_PURPOSE_MAC:
      return macSession(key, parameters)
    case purpose.HUKS_KEY_PURPOSE_DERIVE:
      return derivationSession(key, parameters)
    case purpose.HUKS_KEY_PURPOSE_AGREE:
      return agreementSession(key, parameters)
    default:
      throw huksError(12000001, 'HUKS_TAG_PURPOSE', `${wanted} is nothing that a session does`)
  }
}

/** What a key that was made for one of them cannot be used with another of. */
const bound: readonly TagName[] = ['HUKS_TAG_BLOCK_MODE', 'HUKS_TAG_PADDING', 'HUKS_TAG_DIGEST']

/** @throws BusinessError 12000003 */
function checkBound(key: StoredKey, parameters: KeyParameters): void {
  for (const name of bound) {
    const [own, asked] = [key.parameters.number(name), parameters.number(name)]
    if (own !== undefined && asked !== undefined && own !== asked)
      throw huksError(12000003, name, `is ${own} for this key, not ${asked}`)
  }
}

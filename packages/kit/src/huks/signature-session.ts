import { type KeyObject, constants, createHmac, createPublicKey, sign, verify } from 'node:crypto'

import { digestName } from './digest-name.ts'
import { huksError } from './huks-error.ts'
import { keyAlgorithm, keyPadding, otherEnumerations } from './huks-values.ts'
import type { KeyParameters } from './key-parameters.ts'
import type { KeySession } from './key-session.ts'
import { type StoredKey, privateKeyOf, publicKeyOf } from './stored-key.ts'

/** How data is signed: OpenSSL's digest, and node's options. */
interface Way {
  readonly digest: string | null
  readonly padding?: number
  readonly saltLength?: number
}

/** RSA, ECC and Ed25519. @throws BusinessError 12000001, 12000002, 12000003 */
export function signSession(key: StoredKey, parameters: KeyParameters): KeySession {
  const { digest, ...options } = way(parameters)
  if (key.kind === 'public') throw huksError(12000003, 'HUKS_TAG_PURPOSE', 'a public key signs nothing')
  const privateKey = privateKeyOf(key.bytes)
  return collecting((data, last) =>
    sign(digest, Buffer.concat([...data, last]), { key: privateKey, ...options }),
  )
}

/** What comes last is the signature. @throws BusinessError 12000001, 12000002, 12000003; `finish` 12000006 for a signature that is none */
export function verifySession(key: StoredKey, parameters: KeyParameters): KeySession {
  const { digest, ...options } = way(parameters)
  const publicKey: KeyObject =
    key.kind === 'public' ? publicKeyOf(key.bytes) : createPublicKey(privateKeyOf(key.bytes))
  // The length of a salt is found in the signature.
  const { saltLength, ...rest } = options
  const found = saltLength === undefined ? rest : { ...rest, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
  return collecting((data, signature) => {
    if (!verify(digest, Buffer.concat(data), { key: publicKey, ...found }, signature))
      throw huksError(12000006, 'options.inData', 'the signature is not that of this data and key')
    return new Uint8Array()
  })
}

/** HMAC. @throws BusinessError 12000001, 12000002, 12000003 */
export function macSession(key: StoredKey, parameters: KeyParameters): KeySession {
  const hmac = createHmac(digestName(parameters), key.bytes)
  return {
    update(data) {
      hmac.update(data)
      return new Uint8Array()
    },
    finish: (data) => hmac.update(data).digest(),
  }
}

function collecting(finish: (data: readonly Uint8Array[], last: Uint8Array) => Uint8Array): KeySession {
  const collected: Uint8Array[] = []
  return {
    update(data) {
      collected.push(data)
      return new Uint8Array()
    },
    finish: (last) => finish(collected, last),
  }
}

function way(parameters: KeyParameters): Way {
  const algorithm = parameters.number('HUKS_TAG_ALGORITHM')
  if (algorithm === keyAlgorithm.HUKS_ALG_ED25519) return { digest: null }
  if (algorithm === keyAlgorithm.HUKS_ALG_ECC) return { digest: digestName(parameters) }
  if (algorithm !== keyAlgorithm.HUKS_ALG_RSA)
    throw huksError(12000003, 'HUKS_TAG_ALGORITHM', `${algorithm} signs nothing`)
  const padding = parameters.neededNumber('HUKS_TAG_PADDING')
  const digest = digestName(parameters)
  if (padding === keyPadding.HUKS_PADDING_PKCS1_V1_5) return { digest, padding: constants.RSA_PKCS1_PADDING }
  if (padding !== keyPadding.HUKS_PADDING_PSS)
    throw huksError(12000003, 'HUKS_TAG_PADDING', `${padding} is none of signatures`)
  const { HUKS_RSA_PSS_SALT_LEN_MAX } = otherEnumerations.HuksRsaPssSaltLenType
  const isLongest = parameters.number('HUKS_TAG_RSA_PSS_SALT_LEN_TYPE') === HUKS_RSA_PSS_SALT_LEN_MAX
  return {
    digest,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: isLongest ? constants.RSA_PSS_SALTLEN_MAX_SIGN : constants.RSA_PSS_SALTLEN_DIGEST,
  }
}

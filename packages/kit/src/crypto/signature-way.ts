import { constants } from 'node:crypto'

import { businessError } from '@vpnext/api'

import { integerParameter } from '../parameters.ts'
import { type KeyKind, asyAlgorithm } from './asy-algorithm.ts'
import { unknownAlgorithm } from './crypto-error.ts'
import { digestOf } from './digests.ts'

/** How a name such as `RSA2048|PSS|SHA256|MGF1_SHA256` signs. */
export interface SignatureWay {
  readonly kind: KeyKind
  /** OpenSSL's name; null where the algorithm has its own. */
  readonly digest: string | null
  /** The kit's name of it. */
  readonly digestName: string
  /** A constant of node's; of keys of RSA alone. */
  readonly padding: number | undefined
}

/** `cryptoFramework.SignSpecItem`. */
export const signSpecItem = {
  PSS_MD_NAME_STR: 100,
  PSS_MGF_NAME_STR: 101,
  PSS_MGF1_MD_STR: 102,
  PSS_SALT_LEN_NUM: 103,
  PSS_TRAILER_FIELD_NUM: 104,
  SM2_USER_ID_UINT8ARR: 105,
} as const

/** @throws BusinessError 801 for what signs nothing here: DSA, SM2, `NoHash`, `OnlySign`, two digests in one name */
export function signatureWay(name: string): SignatureWay {
  const [key = '', ...all] = name.split('|')
  const parts = all[0] === 'PRIMES_2' ? all.slice(1) : all
  if (key === 'Ed25519' && parts.length === 0)
    return { kind: 'Ed25519', digest: null, digestName: '', padding: undefined }
  // The size of the key may be left out: the key tells it.
  const kind = key === 'RSA' ? 'RSA' : key === 'ECC' ? 'EC' : asyAlgorithm(key).kind
  if (kind === 'EC' && parts.length === 1) return way(kind, parts[0], undefined)
  if (kind === 'RSA' && parts.length === 2 && parts[0] === 'PKCS1')
    return way(kind, parts[1], constants.RSA_PKCS1_PADDING)
  if (kind === 'RSA' && parts.length === 3 && parts[0] === 'PSS' && parts[2] === `MGF1_${parts[1]}`)
    return way(kind, parts[1], constants.RSA_PKCS1_PSS_PADDING)
  throw unknownAlgorithm(name)
}

function way(kind: KeyKind, digestName: string | undefined, padding: number | undefined): SignatureWay {
  return {
    kind,
    digest: digestOf(digestName, 'algName').name,
    digestName: digestName ?? '',
    padding,
  }
}

/** The salt of PSS, which alone can be set. @throws BusinessError 401, 801 */
export function saltParameter({ padding }: SignatureWay, item: unknown, value: unknown): number {
  if (padding !== constants.RSA_PKCS1_PSS_PADDING || item !== signSpecItem.PSS_SALT_LEN_NUM)
    throw noItem(item)
  // What OpenSSL takes as "auto" (-2) and "as long as the digest" (-1), the device hands on.
  return integerParameter(value, 'itemValue', -2, 2 ** 31 - 1)
}

/** @throws BusinessError 801 */
export function specItem(
  { digestName, padding }: SignatureWay,
  item: unknown,
  saltBytes: number | undefined,
): string | number {
  if (padding === constants.RSA_PKCS1_PSS_PADDING) {
    switch (item) {
      case signSpecItem.PSS_MD_NAME_STR:
      case signSpecItem.PSS_MGF1_MD_STR:
        return digestName
      case signSpecItem.PSS_MGF_NAME_STR:
        return 'MGF1'
      case signSpecItem.PSS_SALT_LEN_NUM:
        return saltBytes ?? constants.RSA_PSS_SALTLEN_AUTO
      case signSpecItem.PSS_TRAILER_FIELD_NUM:
        return 1
      default:
    }
  }
  throw noItem(item)
}

function noItem(item: unknown): Error {
  return businessError(801, {
    field: 'itemType',
    reason: `${String(item)} is nothing that this algorithm has`,
  })
}

import { huksError } from './huks-error.ts'
import { keyDigest } from './huks-values.ts'
import type { KeyParameters } from './key-parameters.ts'

const digestNames: ReadonlyMap<number, string> = new Map([
  [keyDigest.HUKS_DIGEST_MD5, 'md5'],
  [keyDigest.HUKS_DIGEST_SM3, 'sm3'],
  [keyDigest.HUKS_DIGEST_SHA1, 'sha1'],
  [keyDigest.HUKS_DIGEST_SHA224, 'sha224'],
  [keyDigest.HUKS_DIGEST_SHA256, 'sha256'],
  [keyDigest.HUKS_DIGEST_SHA384, 'sha384'],
  [keyDigest.HUKS_DIGEST_SHA512, 'sha512'],
])

/** OpenSSL's name of the digest. @throws BusinessError 12000002, 12000001 for none, 12000003 */
export function digestName(parameters: KeyParameters): string {
  const digest = parameters.neededNumber('HUKS_TAG_DIGEST')
  if (digest === keyDigest.HUKS_DIGEST_NONE)
    throw huksError(12000001, 'HUKS_TAG_DIGEST', 'data without a digest is not provided by vpnext')
  const name = digestNames.get(digest)
  if (name === undefined) throw huksError(12000003, 'HUKS_TAG_DIGEST', `${digest} is no digest`)
  return name
}

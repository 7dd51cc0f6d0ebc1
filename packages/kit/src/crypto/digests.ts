import { type Hash, type Hmac, createHash, createHmac } from 'node:crypto'

import { textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import {
  type DataBlob,
  blob,
  blobParameter,
  cryptoError,
  methodForms,
  unknownAlgorithm,
} from './crypto-error.ts'
import { SymKey } from './sym-key.ts'

/** What the kit calls a digest, and what OpenSSL calls it. */
const digests: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  MD5: { name: 'md5', bytes: 16 },
  SHA1: { name: 'sha1', bytes: 20 },
  SHA224: { name: 'sha224', bytes: 28 },
  SHA256: { name: 'sha256', bytes: 32 },
  SHA384: { name: 'sha384', bytes: 48 },
  SHA512: { name: 'sha512', bytes: 64 },
  'SHA3-256': { name: 'sha3-256', bytes: 32 },
  'SHA3-384': { name: 'sha3-384', bytes: 48 },
  'SHA3-512': { name: 'sha3-512', bytes: 64 },
  SM3: { name: 'sm3', bytes: 32 },
}

/** @throws BusinessError 401, 801 */
export function digestOf(value: unknown, field: string): { readonly name: string; readonly bytes: number } {
  const name = textParameter(value, field)
  const digest = Object.hasOwn(digests, name) ? digests[name] : undefined
  if (digest === undefined) throw unknownAlgorithm(name)
  return digest
}

/** `cryptoFramework.createMd(name)`. After `digest` it begins anew. */
export class Md {
  readonly algName: string
  readonly update: (...args: unknown[]) => Promise<void> | undefined
  readonly updateSync: (...args: unknown[]) => void
  readonly digest: (...args: unknown[]) => Promise<DataBlob> | undefined
  readonly digestSync: (...args: unknown[]) => DataBlob
  readonly #bytes: number

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Md'))
  }

  constructor(name: unknown) {
    const digest = digestOf(name, 'algName')
    this.algName = textParameter(name, 'algName')
    this.#bytes = digest.bytes
    let hash: Hash = createHash(digest.name)
    const update = methodForms((input: unknown): void => void hash.update(blobParameter(input, 'input')))
    const finish = methodForms(() => {
      const result = blob(hash.digest())
      hash = createHash(digest.name)
      return result
    })
    this.update = update.later
    this.updateSync = update.now
    this.digest = finish.later
    this.digestSync = finish.now
  }

  /** Bytes. */
  getMdLength(): number {
    return this.#bytes
  }
}

/** `cryptoFramework.createMac(name)`: HMAC. */
export class Mac {
  readonly algName: string
  readonly init: (...args: unknown[]) => Promise<void> | undefined
  readonly initSync: (...args: unknown[]) => void
  readonly update: (...args: unknown[]) => Promise<void> | undefined
  readonly updateSync: (...args: unknown[]) => void
  readonly doFinal: (...args: unknown[]) => Promise<DataBlob> | undefined
  readonly doFinalSync: (...args: unknown[]) => DataBlob
  readonly #bytes: number

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Mac'))
  }

  /** @param spec `SHA256`, or `{ algName: 'HMAC', mdName: 'SHA256' }`. @throws BusinessError 401, 801 */
  constructor(spec: unknown) {
    const isSpec = typeof spec === 'object' && spec !== null
    if (isSpec && Reflect.get(spec, 'algName') !== 'HMAC')
      throw unknownAlgorithm(String(Reflect.get(spec, 'algName')))
    const name = isSpec
      ? textParameter(Reflect.get(spec, 'mdName'), 'macSpec.mdName')
      : textParameter(spec, 'algName')
    const digest = digestOf(name, 'algName')
    this.algName = isSpec ? 'HMAC' : name
    this.#bytes = digest.bytes
    let key: Uint8Array | undefined
    let hmac: Hmac | undefined
    const running = (): Hmac => {
      if (hmac === undefined) throw cryptoError(new Error('init was not called'))
      return hmac
    }
    const init = methodForms((given: unknown): void => {
      key = SymKey.bytesOf(given, 'key')
      hmac = createHmac(digest.name, key)
    })
    const update = methodForms((input: unknown): void => void running().update(blobParameter(input, 'input')))
    const finish = methodForms(() => {
      const result = blob(running().digest())
      hmac = key === undefined ? undefined : createHmac(digest.name, key)
      return result
    })
    this.init = init.later
    this.initSync = init.now
    this.update = update.later
    this.updateSync = update.now
    this.doFinal = finish.later
    this.doFinalSync = finish.now
  }

  /** Bytes. */
  getMacLength(): number {
    return this.#bytes
  }
}

import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { objectParameter, optionalMember, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { kindOf } from './asy-algorithm.ts'
import { type DataBlob, blob, cryptoError, unknownAlgorithm } from './crypto-error.ts'
import { derTag, readSequence, writeDer } from './der.ts'
import { keyBits, keyItem } from './key-items.ts'

/** `PubKey`. */
export class PubKey {
  readonly algName: string
  readonly format = 'X.509'
  readonly #key: KeyObject

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('PubKey'))
  }

  constructor(key: KeyObject) {
    this.#key = key
    this.algName = kindOf(key) ?? ''
  }

  /** @throws BusinessError 401 for what is no public key */
  static keyOf(value: unknown, field: string): KeyObject {
    if (!(value instanceof PubKey)) throw parameterError(field, 'is not a PubKey')
    return value.#key
  }

  /** SubjectPublicKeyInfo (RFC 5280). */
  getEncoded(): DataBlob {
    return blob(this.#key.export({ type: 'spki', format: 'der' }))
  }

  /** @param format `X509|COMPRESSED` or `X509|UNCOMPRESSED`, of keys of elliptic curves. @throws BusinessError 401 */
  getEncodedDer(format: unknown): DataBlob {
    const wanted = textParameter(format, 'format')
    const isCurve = this.#key.asymmetricKeyType === 'ec'
    if (isCurve && wanted === 'X509|UNCOMPRESSED') return this.getEncoded()
    if (isCurve && wanted === 'X509|COMPRESSED')
      return blob(compressed(this.#key.export({ type: 'spki', format: 'der' })))
    throw parameterError('format', 'is not a format of this key')
  }

  /** @param format `X509`; of keys of RSA `PKCS1`, too. @throws BusinessError 401 */
  getEncodedPem(format: unknown): string {
    const wanted = textParameter(format, 'format')
    if (wanted === 'X509') return String(this.#key.export({ type: 'spki', format: 'pem' }))
    if (wanted === 'PKCS1' && this.#key.asymmetricKeyType === 'rsa')
      return String(this.#key.export({ type: 'pkcs1', format: 'pem' }))
    throw parameterError('format', 'is not a format of this key')
  }

  /** @throws BusinessError 401 */
  getAsyKeySpec(item: unknown): bigint | number | string {
    return keyItem(this.#key, item)
  }

  /** Bits. */
  getKeySize(): number {
    return keyBits(this.#key)
  }
}

/** `PriKey`. It does not show itself unless it is asked. */
export class PriKey {
  readonly algName: string
  readonly format = 'PKCS#8'
  #key: KeyObject | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('PriKey'))
  }

  constructor(key: KeyObject) {
    this.#key = key
    this.algName = kindOf(key) ?? ''
  }

  /** @throws BusinessError 401 for what is no private key, 17630001 after `clearMem` */
  static keyOf(value: unknown, field: string): KeyObject {
    if (!(value instanceof PriKey)) throw parameterError(field, 'is not a PriKey')
    return value.#read()
  }

  /** PKCS#8 (RFC 5958); of an elliptic curve ECPrivateKey (RFC 5915) without the public key, as on the device. */
  getEncoded(): DataBlob {
    const key = this.#read()
    if (key.asymmetricKeyType !== 'ec') return blob(key.export({ type: 'pkcs8', format: 'der' }))
    const parts = readSequence(key.export({ type: 'sec1', format: 'der' }))
    const kept = parts.filter(({ tag }) => tag !== derTag.publicKey)
    return blob(writeDer(derTag.sequence, ...kept.map(({ tag, content }) => writeDer(tag, content))))
  }

  /** @param format `PKCS8`, of keys of elliptic curves. @throws BusinessError 401 */
  getEncodedDer(format: unknown): DataBlob {
    const key = this.#read()
    if (textParameter(format, 'format') !== 'PKCS8' || key.asymmetricKeyType !== 'ec')
      throw parameterError('format', 'is not a format of this key')
    return blob(key.export({ type: 'pkcs8', format: 'der' }))
  }

  /**
   * @param format `PKCS8`; of keys of RSA `PKCS1`, of elliptic curves `EC`, too
   * @param config a password and the cipher that it is for, `AES-256-CBC`
   * @throws BusinessError 401, 801 for a cipher that is not here
   */
  getEncodedPem(format: unknown, config?: unknown): string {
    const key = this.#read()
    const type = pemType(textParameter(format, 'format'), key)
    return String(key.export({ type, format: 'pem', ...encryption(config) }))
  }

  /** @throws BusinessError 401 */
  getAsyKeySpec(item: unknown): bigint | number | string {
    return keyItem(this.#read(), item)
  }

  /** Bits. */
  getKeySize(): number {
    return keyBits(this.#read())
  }

  /** The public key that belongs to it. @throws BusinessError 17630001 after `clearMem` */
  getPubKeySync(): PubKey {
    return new PubKey(createPublicKey(this.#read()))
  }

  async getPubKey(): Promise<PubKey> {
    return this.getPubKeySync()
  }

  /** Nothing can be done with it any more. */
  clearMem(): void {
    this.#key = undefined
  }

  #read(): KeyObject {
    if (this.#key === undefined) throw cryptoError(new Error('the key was cleared'))
    return this.#key
  }
}

/** `KeyPair`; of what was converted, one of the two. */
export interface KeyPair {
  readonly pubKey?: PubKey
  readonly priKey?: PriKey
}

export function keyPair(publicKey: KeyObject | undefined, privateKey: KeyObject | undefined): KeyPair {
  return {
    ...(publicKey === undefined ? {} : { pubKey: new PubKey(publicKey) }),
    ...(privateKey === undefined ? {} : { priKey: new PriKey(privateKey) }),
  }
}

/** @throws Error of OpenSSL */
export function readPublicKey(der: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
}

/** In any encoding that OpenSSL knows of itself, as the device takes them. @throws Error of OpenSSL */
export function readPrivateKey(der: Uint8Array): KeyObject {
  const key = Buffer.from(der)
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } catch (error) {
    for (const type of ['sec1', 'pkcs1'] as const) {
      try {
        return createPrivateKey({ key, format: 'der', type })
      } catch {
        // The first error says what the usual encoding lacks.
      }
    }
    throw error
  }
}

function pemType(format: string, key: KeyObject): 'pkcs8' | 'pkcs1' | 'sec1' {
  if (format === 'PKCS8') return 'pkcs8'
  if (format === 'PKCS1' && key.asymmetricKeyType === 'rsa') return 'pkcs1'
  if (format === 'EC' && key.asymmetricKeyType === 'ec') return 'sec1'
  throw parameterError('format', 'is not a format of this key')
}

const pemCiphers: readonly string[] = ['AES-128-CBC', 'AES-192-CBC', 'AES-256-CBC', 'DES-EDE3-CBC']

function encryption(config: unknown): { cipher?: string; passphrase?: string } {
  if (config === undefined || config === null) return {}
  const object = objectParameter(config, 'config')
  const passphrase = textParameter(Reflect.get(object, 'password'), 'config.password')
  const cipher = optionalMember(object, 'cipherName', 'config', textParameter) ?? 'AES-256-CBC'
  if (!pemCiphers.includes(cipher)) throw unknownAlgorithm(cipher)
  return { cipher: cipher.toLowerCase(), passphrase }
}

/** The same SubjectPublicKeyInfo with its point in one coordinate (SEC 1, 2.3.3). */
function compressed(spki: Buffer): Buffer {
  const [algorithm, bits] = readSequence(spki)
  const point = bits?.content.subarray(2) ?? Buffer.alloc(0)
  const sign = 2 + ((point.at(-1) ?? 0) & 1)
  return writeDer(
    derTag.sequence,
    writeDer(derTag.sequence, algorithm?.content ?? Buffer.alloc(0)),
    writeDer(derTag.bits, Buffer.from([0, sign]), point.subarray(0, point.length / 2)),
  )
}

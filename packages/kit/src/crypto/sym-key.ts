import { randomBytes } from 'node:crypto'

import { parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import {
  type DataBlob,
  blob,
  blobParameter,
  cryptoError,
  methodForms,
  unknownAlgorithm,
} from './crypto-error.ts'

/** Bytes of keys by the generator's name; 0: as many as one gives, for HMAC. */
const keyBytes: Readonly<Record<string, number>> = {
  AES128: 16,
  AES192: 24,
  AES256: 32,
  '3DES192': 24,
  SM4_128: 16,
  ChaCha20: 32,
  HMAC: 0,
  'HMAC|SHA1': 20,
  'HMAC|SHA224': 28,
  'HMAC|SHA256': 32,
  'HMAC|SHA384': 48,
  'HMAC|SHA512': 64,
  'HMAC|SM3': 32,
}

/** `SymKey`. It does not show its bytes unless it is asked for them. */
export class SymKey {
  readonly algName: string
  readonly format = 'RAW'
  #bytes: Uint8Array | undefined

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('SymKey'))
  }

  constructor(algName: string, bytes: Uint8Array) {
    this.algName = algName
    this.#bytes = new Uint8Array(bytes)
  }

  /** @throws BusinessError 401 for what is no key, 17630001 after `clearMem` */
  static bytesOf(value: unknown, field: string): Uint8Array {
    if (!(value instanceof SymKey)) throw parameterError(field, 'is not a SymKey')
    return value.#read()
  }

  /** @throws BusinessError 17630001 after `clearMem` */
  getEncoded(): DataBlob {
    return blob(this.#read())
  }

  /** Bits. @throws BusinessError 17630001 after `clearMem` */
  getKeySize(): number {
    return this.#read().length * 8
  }

  clearMem(): void {
    this.#bytes?.fill(0)
    this.#bytes = undefined
  }

  #read(): Uint8Array {
    if (this.#bytes === undefined) throw cryptoError(new Error('the key was cleared'))
    return this.#bytes
  }
}

/** `cryptoFramework.createSymKeyGenerator(name)`. */
export class SymKeyGenerator {
  readonly algName: string
  readonly generateSymKey: (...args: unknown[]) => Promise<SymKey> | undefined
  readonly generateSymKeySync: (...args: unknown[]) => SymKey
  readonly convertKey: (...args: unknown[]) => Promise<SymKey> | undefined
  readonly convertKeySync: (...args: unknown[]) => SymKey

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('SymKeyGenerator'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    const algName = textParameter(name, 'algName')
    const bytes = Object.hasOwn(keyBytes, algName) ? keyBytes[algName] : undefined
    if (bytes === undefined) throw unknownAlgorithm(algName)
    this.algName = algName
    const generate = methodForms(() => {
      if (bytes === 0) throw cryptoError(new Error('HMAC without a digest has no length'))
      return new SymKey(algName, randomBytes(bytes))
    })
    const convert = methodForms((key: unknown) => {
      const given = blobParameter(key, 'key')
      if (given.length === 0 || (bytes !== 0 && given.length !== bytes && !algName.startsWith('HMAC')))
        throw parameterError('key.data', `does not have ${bytes} bytes`)
      return new SymKey(algName, given)
    })
    this.generateSymKey = generate.later
    this.generateSymKeySync = generate.now
    this.convertKey = convert.later
    this.convertKeySync = convert.now
  }
}

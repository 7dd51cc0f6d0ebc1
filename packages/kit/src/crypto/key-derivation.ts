import { hkdfSync, pbkdf2Sync, scryptSync } from 'node:crypto'

import { integerParameter, objectParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { type DataBlob, blob, methodForms, unknownAlgorithm } from './crypto-error.ts'
import { digestOf } from './digests.ts'

/** Most bytes of memory that scrypt may take. */
const scryptMemory = 1024 * 1024 * 1024

/** `cryptoFramework.createKdf(name)`: `PBKDF2|SHA256`, `HKDF|SHA256` or `SCRYPT`. */
export class Kdf {
  readonly algName: string
  readonly generateSecret: (...args: unknown[]) => Promise<DataBlob> | undefined
  readonly generateSecretSync: (...args: unknown[]) => DataBlob

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Kdf'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(name: unknown) {
    this.algName = textParameter(name, 'algName')
    const forms = methodForms(derivation(this.algName))
    this.generateSecret = forms.later
    this.generateSecretSync = forms.now
  }
}

function derivation(algName: string): (spec: unknown) => DataBlob {
  const [kind, digestName, mode = 'EXTRACT_AND_EXPAND'] = algName.split('|')
  if (kind === 'SCRYPT' && digestName === undefined) return scrypt
  if (mode !== 'EXTRACT_AND_EXPAND' || digestName === undefined) throw unknownAlgorithm(algName)
  const { name } = digestOf(digestName, 'algName')
  if (kind === 'PBKDF2') {
    return (spec) => {
      const { object, size } = readSpec(spec, 'PBKDF2')
      const iterations = integerParameter(
        Reflect.get(object, 'iterations'),
        'params.iterations',
        1,
        2 ** 31 - 1,
      )
      return blob(pbkdf2Sync(secret(object, 'password'), bytes(object, 'salt'), iterations, size, name))
    }
  }
  if (kind === 'HKDF') {
    return (spec) => {
      const { object, size } = readSpec(spec, 'HKDF')
      const derived = hkdfSync(
        name,
        secret(object, 'key'),
        bytes(object, 'salt'),
        bytes(object, 'info'),
        size,
      )
      return blob(new Uint8Array(derived))
    }
  }
  throw unknownAlgorithm(algName)
}

function scrypt(spec: unknown): DataBlob {
  const { object, size } = readSpec(spec, 'SCRYPT')
  const number = (name: string): number => integerParameter(Reflect.get(object, name), `params.${name}`, 1)
  const memory: unknown = Reflect.get(object, 'maxMemory')
  const options = {
    N: number('n'),
    r: number('r'),
    p: number('p'),
    maxmem:
      memory === undefined ? scryptMemory : integerParameter(memory, 'params.maxMemory', 1, scryptMemory),
  }
  return blob(scryptSync(secret(object, 'passphrase'), bytes(object, 'salt'), size, options))
}

function readSpec(value: unknown, algName: string): { readonly object: object; readonly size: number } {
  const object = objectParameter(value, 'params')
  if (Reflect.get(object, 'algName') !== algName) throw parameterError('params.algName', `is not ${algName}`)
  return { object, size: integerParameter(Reflect.get(object, 'keySize'), 'params.keySize', 1, 2 ** 31 - 1) }
}

function secret(object: object, name: string): string | Uint8Array {
  const value: unknown = Reflect.get(object, name)
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  throw parameterError(`params.${name}`, 'is neither a text nor a Uint8Array')
}

function bytes(object: object, name: string): Uint8Array {
  const value: unknown = Reflect.get(object, name) ?? new Uint8Array()
  if (value instanceof Uint8Array) return value
  throw parameterError(`params.${name}`, 'is not a Uint8Array')
}

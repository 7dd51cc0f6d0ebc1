import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto'

import { type Forms, callForms, noInput } from '../call-forms.ts'
import { integerParameter, objectParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers } from '../provided.ts'
import { elliptic } from './asy-algorithm.ts'
import { type KeyPair, PriKey, PubKey, keyPair } from './asy-key.ts'
import { cryptoError, unknownAlgorithm } from './crypto-error.ts'
import { type Curve, curvePrivateKey, curvePublicKey, curveWith } from './curves.ts'
import { bigEndian, derTag, writeDer, writeInteger } from './der.ts'
import { rawPrivateKey, rawPublicKey } from './raw-keys.ts'

/** `cryptoFramework.AsyKeySpecType`. */
export const asyKeySpecType = {
  COMMON_PARAMS_SPEC: 0,
  PRIVATE_KEY_SPEC: 1,
  PUBLIC_KEY_SPEC: 2,
  KEY_PAIR_SPEC: 3,
} as const

/** What the figures of a specification make; absent is what it has no figures for. */
interface Makers {
  readonly publicKey?: () => KeyObject
  readonly privateKey?: () => KeyObject
  /** Of parameters alone: a pair that nobody had before. */
  readonly fresh?: Curve
}

/** `cryptoFramework.createAsyKeyGeneratorBySpec(spec)`, of X25519, Ed25519, elliptic curves, and public keys of RSA. */
export class AsyKeyGeneratorBySpec {
  readonly algName: string
  readonly generateKeyPair: Forms<KeyPair>['later']
  readonly generateKeyPairSync: Forms<KeyPair>['now']
  readonly generatePriKey: Forms<PriKey>['later']
  readonly generatePriKeySync: Forms<PriKey>['now']
  readonly generatePubKey: Forms<PubKey>['later']
  readonly generatePubKeySync: Forms<PubKey>['now']

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('AsyKeyGeneratorBySpec'))
  }

  /** @throws BusinessError 401, 801 */
  constructor(spec: unknown) {
    const object = objectParameter(spec, 'asyKeySpec')
    this.algName = textParameter(Reflect.get(object, 'algName'), 'asyKeySpec.algName')
    const makers = read(this.algName, object)
    const both = callForms({ read: noInput, now: () => pairOf(makers) }, cryptoError)
    const secret = callForms(
      { read: noInput, now: () => new PriKey(made(makers.privateKey, 'a private key')) },
      cryptoError,
    )
    const open = callForms(
      { read: noInput, now: () => new PubKey(made(makers.publicKey, 'a public key')) },
      cryptoError,
    )
    this.generateKeyPair = both.later
    this.generateKeyPairSync = both.now
    this.generatePriKey = secret.later
    this.generatePriKeySync = secret.now
    this.generatePubKey = open.later
    this.generatePubKeySync = open.now
  }
}

function pairOf(makers: Makers): KeyPair {
  if (makers.fresh !== undefined) {
    const { publicKey, privateKey } = elliptic(makers.fresh).generateNow()
    return keyPair(publicKey, privateKey)
  }
  return keyPair(made(makers.publicKey, 'a public key'), made(makers.privateKey, 'a private key'))
}

/** @throws BusinessError 401, as on the device, where the specification is of another type */
function made(make: (() => KeyObject) | undefined, what: string): KeyObject {
  if (make === undefined) throw parameterError('asyKeySpec.specType', `is not one that gives ${what}`)
  return make()
}

function read(algName: string, spec: object): Makers {
  const type = integerParameter(Reflect.get(spec, 'specType'), 'asyKeySpec.specType', 0, 3)
  const has = (...types: number[]): boolean => types.includes(type)
  const hasSecret = has(asyKeySpecType.PRIVATE_KEY_SPEC, asyKeySpecType.KEY_PAIR_SPEC)
  const hasPublic = has(asyKeySpecType.PUBLIC_KEY_SPEC, asyKeySpecType.KEY_PAIR_SPEC)
  switch (algName) {
    case 'X25519':
    case 'Ed25519': {
      const [secret, open] = [
        hasSecret ? number(spec, 'sk') : undefined,
        hasPublic ? number(spec, 'pk') : undefined,
      ]
      return {
        ...(secret === undefined ? {} : { privateKey: () => rawPrivateKey(algName, rawBytes(secret)) }),
        ...(open === undefined ? {} : { publicKey: () => rawPublicKey(algName, rawBytes(open)) }),
      }
    }
    case 'ECC':
      return curveMakers(spec, hasSecret, hasPublic, type === asyKeySpecType.COMMON_PARAMS_SPEC)
    case 'RSA': {
      if (type !== asyKeySpecType.PUBLIC_KEY_SPEC)
        throw unknownAlgorithm('a private key of RSA by its figures')
      const params = objectParameter(Reflect.get(spec, 'params'), 'asyKeySpec.params')
      const [n, e] = [number(params, 'n', 'asyKeySpec.params'), number(spec, 'pk')]
      return { publicKey: () => rsaPublicKey(n, e) }
    }
    default:
      throw unknownAlgorithm(algName)
  }
}

function curveMakers(spec: object, hasSecret: boolean, hasPublic: boolean, isFresh: boolean): Makers {
  // Of parameters alone the specification is the parameters.
  const field = isFresh ? 'asyKeySpec' : 'asyKeySpec.params'
  const params = isFresh ? spec : objectParameter(Reflect.get(spec, 'params'), field)
  const primeField = objectParameter(Reflect.get(params, 'field'), `${field}.field`)
  const generator = objectParameter(Reflect.get(params, 'g'), `${field}.g`)
  const curve = curveWith(
    number(primeField, 'p', `${field}.field`),
    number(generator, 'x', `${field}.g`),
    number(generator, 'y', `${field}.g`),
  )
  if (curve === undefined) throw unknownAlgorithm('an elliptic curve with these figures')
  if (isFresh) return { fresh: curve }
  const secret = hasSecret ? number(spec, 'sk') : undefined
  const point = hasPublic ? objectParameter(Reflect.get(spec, 'pk'), 'asyKeySpec.pk') : undefined
  const x = point && number(point, 'x', 'asyKeySpec.pk')
  const y = point && number(point, 'y', 'asyKeySpec.pk')
  return {
    ...(secret === undefined
      ? {}
      : {
          privateKey: () =>
            createPrivateKey({ key: curvePrivateKey(curve, secret), format: 'der', type: 'sec1' }),
        }),
    ...(x === undefined || y === undefined
      ? {}
      : {
          publicKey: () => createPublicKey({ key: curvePublicKey(curve, x, y), format: 'der', type: 'spki' }),
        }),
  }
}

function number(object: object, name: string, field = 'asyKeySpec'): bigint {
  const value: unknown = Reflect.get(object, name)
  if (typeof value === 'bigint' && value >= 0n) return value
  throw parameterError(`${field}.${name}`, 'is not a bigint from 0 on')
}

/** The bytes of the kit's numbers are least significant first. */
function rawBytes(value: bigint): Buffer {
  return Buffer.from(bigEndian(value, 32).toReversed())
}

/** RSAPublicKey of RFC 8017, A.1.1. */
function rsaPublicKey(n: bigint, e: bigint): KeyObject {
  const key = writeDer(derTag.sequence, writeInteger(n), writeInteger(e))
  return createPublicKey({ key, format: 'der', type: 'pkcs1' })
}
